namespace BlockList.Tools.Benchmarks;

/// <summary>The statements of the generator, in their order. <c>:n</c> is the number of entries on the larger list,
/// <c>:now</c> the instant of the generation.</summary>
internal static class GeneratorSql
{
    public const string Prepare = """
        create schema bench;
        create function bench.uuid(at timestamptz, key text) returns uuid language sql immutable
          return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(key), 1, 3) || '8' || substr(md5(key), 4, 15))::uuid;
        create function bench.later(at timestamptz, days float) returns timestamptz language sql stable return at + make_interval(secs => round(days * 86400));
        -- Version 400 of the larger list came out today or yesterday, one on each day before.
        create function bench.serial(at timestamptz, newest integer) returns integer language sql stable
          return greatest(1, ceil(extract(epoch from (at - (date_trunc('day', :now - interval '6 hours', 'UTC') + interval '6 hours'))) / 86400)::integer + newest);
        """;

    public static readonly (string What, string Sql)[] Entries =
    [
        ("people of the operator", """
            insert into access.person (id, agency, name, roles)
            select id, agency, id, array[role] from (values ('astrid', 'no-police', 'agency-administrator'), ('joost', 'nl-hotline', 'agency-administrator'), ('pieter', 'nl-hotline', 'release-officer'), ('lena', null, 'list-owner'),
              ('vera', null, 'auditor'), ('oscar', null, 'operator-administrator')) as p (id, agency, role) on conflict (id) do nothing
            """),
        ("names", """
            create unlogged table bench.subject as
            select i, md5('subject ' || i)::uuid as id, case when i % 10 = 0 then 'host' else 'domain' end as scope,
              case when i % 7 = 0 then 'media.' else '' end
                || case when i % 5 = 0 then 'forum' else (array['photo','share','cloud','video','files','board','album','vault','drive','space','store','stream','upload','mirror','proxy','index','portal','private','archive','gallery','harbour','meadow','lantern','quarry'])[1 + i % 24] end
                || '-' || translate(substr(md5(i::text), 1, 12), '0123456789', 'ghijklmnop') || case when i % 50 = 0 then '.xn--bcher-kva.example' else '.example' end as name
            from (select generate_series(1, :n) as i union all select :n + generate_series(1, :n / 20, 2)) as s;
            insert into curation.subject (id, name, scope, search)
            select id, name, scope, case when name like '%xn--bcher-kva%' then name || ' ' || replace(name, 'xn--bcher-kva', 'bücher') else name end from bench.subject;
            create unique index on bench.subject (i);
            """),
        ("episodes", """
            create unlogged table bench.episode as
            with wanted as (
              select i as n, i, 'worst-of' as list, false as is_earlier, (hashint8extended(i, 1) & 2147483647) % 1000 as draw from generate_series(1, :n) as i
              union all select 2 * :n::bigint + i, i, 'worst-of', true, (hashint8extended(i, 2) & 2147483647) % 1000 from generate_series(7, :n, 100) as i
              union all select 4 * :n::bigint + i, case when i % 2 = 0 then i else :n + i end, 'no-national', false, (hashint8extended(i, 3) & 2147483647) % 1000 from generate_series(1, :n / 20) as i),
            dated as (
              select w.n, w.i, w.list, p.id as pattern, not w.is_earlier as is_current,
                date_trunc('second', bench.later(:now, -(p.from_days + (p.to_days - p.from_days) * ((hashint8extended(w.n, 4) & 2147483647) / 2147483648.0)))) as opened_at
              from wanted w join bench.pattern p on p.list = w.list and p.is_earlier = w.is_earlier and w.draw >= p.low and w.draw < p.high)
            select d.n, d.list, s.id as subject_id, s.name, s.scope, d.pattern, d.is_current, d.opened_at, bench.uuid(d.opened_at, d.n || '.0') as id, d.n % 3 <> 0 as told,
              bench.later(d.opened_at, p.sighted_days) as newest_sighting,
              (bench.later(d.opened_at, p.sighted_days) at time zone 'UTC' + make_interval(months => l.lease_months)) at time zone 'UTC' as lapses_at,
              bench.later(d.opened_at, p.doubt_days) + interval '24 hours' as suspended_from, bench.later(d.opened_at, p.waits_days) as waits_since,
              bench.later(d.opened_at, p.listed_days) as listed_at, p.stage
            from dated d join bench.subject s on s.i = d.i join bench.pattern p on p.id = d.pattern join criteria.list l on l.id = d.list;
            alter table bench.episode add closed_at timestamptz;
            update bench.episode e set closed_at = case when e.stage = 'lapsed' then e.lapses_at else bench.later(e.opened_at, p.closed_days) end
            from bench.pattern p where p.id = e.pattern and e.stage in ('lapsed', 'removed', 'declined');
            insert into curation.episode (id, list, name, scope, opened_at, closed_at, subject_id, is_current, stage, voters, met_agencies, met_countries, newest_sighting, lapses_at, suspended_from,
              waits_since, overdue, lapsing, told, due_at)
            select e.id, e.list, e.name, e.scope, e.opened_at, e.closed_at, e.subject_id, e.is_current, e.stage, p.voters, p.met_agencies, p.met_countries, e.newest_sighting, e.lapses_at, e.suspended_from,
              e.waits_since, coalesce(e.waits_since <= :now - interval '336 hours', false), e.closed_at is null and e.lapses_at - interval '336 hours' <= :now, e.told,
              case when e.closed_at is null then curation.next_due(:now, e.stage, e.waits_since, e.suspended_from, e.lapses_at) end
            from bench.episode e join bench.pattern p on p.id = e.pattern;
            """),
        ("decisions, in the order in which they came in", """
            create unlogged table bench.decision as
            select e.n, e.id as episode_id, e.list, e.name, e.scope, e.opened_at, s.pattern, s.step, bench.later(e.opened_at, s.days) as at, s.credential, s.kind,
              s.step = 0 and e.n % 3 = 0 as is_annotated,
              1 + row_number() over (partition by s.credential order by bench.later(e.opened_at, s.days), e.n, s.step) as sequence,
              row_number() over (partition by s.credential, e.list, s.kind order by bench.later(e.opened_at, s.days), e.n, s.step) - 1 as place
            from bench.episode e join bench.step s on s.pattern = e.pattern;
            """),
        ("signatures", """
            create function bench.assertion(credential text, list text, kind text, place bigint) returns uuid language sql immutable
              return md5(credential || list || kind || place / greatest(100, least(10000, :n / 100)))::uuid;
            insert into curation.assertion (id, credential, form, statements, nonce, authenticator_data, client_data, signature, received_at)
            select bench.assertion(credential, list, kind, place), credential, 'batch', count(*), sha256(credential::bytea), '\x00', '\x00', '\x00', max(at)
            from bench.decision group by 1, 2;
            """),
        ("statements", """
            insert into curation.decision (id, kind, list, name, scope, episode_id, agency, person, credential, sequence, previous_sha256, supersedes, met, sighted_at, decided_at, statement, assertion_id, leaf, received_at)
            select f.id, d.kind, d.list, d.name, d.scope, d.episode_id, s.agency, s.person, d.credential, d.sequence, f.previous, f.supersedes, s.met, f.sighted_at, d.at,
              convert_to(format(case when d.is_annotated then s.annotated else s.plain end, to_char(d.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                to_char(f.sighted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), f.id, d.episode_id, f.supersedes, d.name, d.scope, d.sequence, f.previous, f.reference, f.note), 'UTF8'),
              bench.assertion(d.credential, d.list, d.kind, d.place), d.place % greatest(100, least(10000, :n / 100)), d.at
            from bench.decision d join bench.step s on s.pattern = d.pattern and s.step = d.step,
              lateral (select bench.uuid(d.at, d.n || '.' || d.step) as id, bench.uuid(bench.later(d.opened_at, s.supersedes_days), d.n || '.' || s.supersedes) as supersedes,
                bench.later(d.opened_at, s.sighted_days) as sighted_at, encode(sha256((d.credential || d.sequence - 1)::bytea), 'hex') as previous,
                case when d.is_annotated then encode(sha256(sha256(d.n::text::bytea) || convert_to(E'reference\nICCAM:' || 1000000 + d.n, 'UTF8')), 'hex') end as reference,
                case when d.is_annotated then encode(sha256(sha256(d.n::text::bytea) || convert_to(E'note\nSeen by a partner, case file ' || d.n || ' of the agency.', 'UTF8')), 'hex') end as note) as f
            order by d.at, d.n, d.step;
            """),
        ("references, notes and notifications", """
            insert into curation.annotation (decision_id, salt, reference_type, reference_number, note)
            select episode_id, sha256(n::text::bytea), 'ICCAM', (1000000 + n)::text, 'Seen by a partner, case file ' || n || ' of the agency.' from bench.decision where is_annotated;
            insert into curation.reference (id, episode_id, type, number, agency, person, added_at)
            select bench.uuid(e.opened_at, e.n || ' reference'), e.id, 'ICSE', (5000000 + e.n)::text, d.agency, d.person, e.opened_at
            from bench.episode e join curation.decision d on d.id = e.id where e.n % 20 = 0;
            insert into curation.notification (id, episode_id, kind, country, number, sent_at, agency, person, added_at)
            select bench.uuid(e.opened_at, e.n || ' notification'), e.id, k.kind, k.country, (7000000 + e.n)::text, e.opened_at, s.agency, s.person, bench.later(e.opened_at, 0.1)
            from bench.episode e join bench.step s on s.pattern = e.pattern and s.step = 0,
              lateral (select (array['ncb', 'hotline', 'iccam'])[1 + e.n % 3] as kind, case when e.n % 3 < 2 then (array['NL', 'FR', 'NO', 'DE'])[1 + e.n % 4] end as country) as k
            where e.told;
            """),
        ("claims and conflicts", """
            insert into curation.claim (episode_id, agency, person, taken_at, expires_at)
            select e.id, 'nl-hotline', 'bram', :now, :now + interval '30 minutes' from (select id from bench.episode where stage = 'review' and list = 'worst-of' and pattern = 4 order by n limit 10) as e
            union all
            select e.id, 'no-police', 'dirk', :now, :now + interval '30 minutes' from (select id from bench.episode where stage = 'review' and list = 'worst-of' and pattern = 5 order by n limit 10) as e;
            insert into curation.conflict (person, subject_id, declared_at) select 'bram', subject_id, :now from (select subject_id from bench.episode order by n desc limit 5) as e;
            """),
        ("imports", """
            create table bench.import as
            select a.id as assertion_id, bench.uuid(max(d.received_at), a.id::text) as id, d.person, d.agency, count(distinct d.name) as rows, max(d.received_at) as at
            from (select distinct on (assertion_id) assertion_id, person from curation.decision where kind = 'proposal' and list = 'worst-of' and person in ('anna', 'bram', 'cora', 'elise')) as w
              join curation.assertion a on a.id = w.assertion_id join curation.decision d on d.assertion_id = a.id
            group by a.id, d.person, d.agency;
            delete from bench.import where id not in (select id from (select id, row_number() over (partition by person order by rows desc, at desc) as r from bench.import) as r where r <= 5);
            insert into curation.import (id, list, person, agency, file_name, file_sha256, rows, staged_at, submitted_at, assertion_id, state, criteria_sha256, proposals, submitted_by)
            select id, 'worst-of', person, agency, 'batch-' || to_char(at, 'YYYY-MM-DD') || '.csv', encode(sha256(id::text::bytea), 'hex'), rows, at, at, assertion_id, 'committed',
              (select sha256 from criteria.version where list = 'worst-of' order by version desc limit 1), rows, person from bench.import;
            update curation.episode e set opened_under = d.assertion_id, opened_leaf = d.leaf from bench.import i join curation.decision d on d.assertion_id = i.assertion_id where d.id = e.id;
            update curation.episode e set touched = true from bench.import i where e.opened_under = i.assertion_id and exists (select from curation.decision later where later.episode_id = e.id and later.id <> e.id);
            insert into curation.draft (import_id, line, name, scope, is_review, sighted_at, verdicts, reference_type, reference_number, note)
            select i.id, d.leaf + 2, d.name, d.scope, false, d.sighted_at, '{"c1": "met", "c2": "met", "c3": "met"}', n.reference_type, n.reference_number, n.note
            from bench.import i join curation.decision d on d.assertion_id = i.assertion_id left join curation.annotation n on n.decision_id = d.id
            on conflict do nothing;
            -- One that waits for its person: new names, and tasks to review what others proposed.
            insert into curation.import (id, list, person, agency, file_name, file_sha256, rows, staged_at, criteria_sha256, proposals, skipped, warnings)
            select bench.uuid(:now, 'staged ' || id), 'worst-of', id, agency, 'staged.csv', encode(sha256('staged'), 'hex'), f.n, :now,
              (select sha256 from criteria.version where list = 'worst-of' order by version desc limit 1), f.n, f.n, f.n
            from access.person, (select greatest(100, least(10000, :n / 100)) as n) as f where id in ('anna', 'bram');
            insert into curation.draft (import_id, line, name, scope, is_review, sighted_at, verdicts, reference_type, reference_number, note)
            select i.id, line + 1, 'staged-' || line || '-' || translate(substr(md5(line::text), 1, 8), '0123456789', 'ghijklmnop') || '.example', 'domain', false, :now - interval '1 day',
              '{"c1": "met", "c2": "met", "c3": "met"}', 'ICCAM', (9000000 + line)::text, null
            from curation.import i, generate_series(1, i.rows) as line where i.submitted_at is null;
            insert into curation.import_finding (import_id, kind, number, line, column_name, value, reason, fix)
            select i.id, k.kind, line, line + 1, 'domain', 'staged-' || line || '.example', 'It is the name of a shared host.', 'List the customer''s own name instead.'
            from curation.import i, unnest(array['warning', 'skipped']) as k (kind), generate_series(1, i.rows) as line where i.submitted_at is null;
            -- One that was refused, with a problem in each row.
            insert into curation.import (id, list, person, agency, file_name, file_sha256, rows, staged_at, state, errors)
            select bench.uuid(:now, 'refused ' || id), list, person, agency, 'refused.csv', file_sha256, rows, staged_at, 'refused', rows from curation.import where submitted_at is null;
            insert into curation.import_finding (import_id, kind, number, line, column_name, value, reason, fix)
            select i.id, 'error', line, line + 1, 'sighted_at', 'yesterday', 'This is no time.', 'Write it in UTC.' from curation.import i, generate_series(1, i.rows) as line where i.state = 'refused';
            """),
        ("what was published", """
            create table bench.newest (list text, serial integer);
            insert into bench.newest values ('worst-of', 400), ('no-national', 100);
            insert into publishing.entry (list, line, added_serial, removed_serial, episode_id, removed_episode_id, removed_because)
            select list, line, added, f.serial, id, case when f.serial is not null then id end, case when f.serial is not null then stage end
            from (
              select e.id, e.stage, e.list, case e.scope when 'host' then '=' || e.name else e.name end as line, bench.serial(e.listed_at, v.serial) as added, v.serial as newest,
                bench.serial(case when e.stage in ('lapsed', 'removed', 'declined') then e.closed_at when e.stage = 'suspended' then e.suspended_from end, v.serial) as removed
              from bench.episode e join bench.newest v on v.list = e.list where e.is_current and e.listed_at is not null) as s,
              lateral (select case when removed > added and removed <= newest then removed end as serial) as f
            where added <= newest
            order by added, id;
            insert into publishing.version (list, serial, ledger_position, evaluated_at, published_at, register_version, suffixes_sha256, parameters, list_sha256, previous_sha256, count, added, removed, salt)
            select v.list, s.serial, s.serial, at - interval '1 minute', at, 1, encode(sha256('suffixes'), 'hex'),
              jsonb_build_object('agencies_needed', l.agencies_needed, 'countries_needed', l.countries_needed, 'lease_months', l.lease_months, 'country', l.country, 'test_domain', null),
              encode(sha256((v.list || s.serial)::bytea), 'hex'), case when s.serial > 1 then encode(sha256((v.list || s.serial - 1)::bytea), 'hex') end,
              sum(coalesce(a.n, 0) - coalesce(r.n, 0)) over (partition by v.list order by s.serial), coalesce(a.n, 0), coalesce(r.n, 0), encode(sha256((v.list || s.serial)::bytea), 'hex')
            from bench.newest v join criteria.list l on l.id = v.list cross join lateral generate_series(1, v.serial) as s (serial)
              cross join lateral (select date_trunc('day', :now - interval '6 hours', 'UTC') + interval '6 hours' - make_interval(days => v.serial - s.serial) as at) as t
              left join (select list, added_serial, count(*) as n from publishing.entry group by 1, 2) as a on a.list = v.list and a.added_serial = s.serial
              left join (select list, removed_serial, count(*) as n from publishing.entry group by 1, 2) as r on r.list = v.list and r.removed_serial = s.serial;
            insert into publishing.slot (list, slot_at, outcome, serial, done_at) select list, published_at, 'published', serial, published_at from publishing.version;
            -- A year of versions that waited for a person, each with 8000 names; and the alarms that went with them.
            insert into publishing.held (id, list, gates, serial, change, added, removed, may_add, may_remove, ledger_position, evaluated_at, held_at)
              select gen_random_uuid(), 'worst-of', array['growth'], 400, convert_to('blocklist-delta/1 from=400 to=401 from-sha256=' || repeat('0', 64) || ' to-sha256=' || repeat('0', 64) || e'\n' || c.lines, 'SQL_ASCII'),
                8000, 0, 50, 100, 1, clock_timestamp(), clock_timestamp() - n * interval '1 day'
              from generate_series(1, 60) as n cross join (select string_agg('+held' || lpad(i::text, 5, '0') || e'.example\n', '' order by i) as lines from generate_series(1, 8000) as i) as c;
            insert into publishing.held_end (held_id, outcome, serial) select id, 'overtaken', 400 from publishing.held where held_at < clock_timestamp() - interval '1.5 days';
            insert into publishing.alarm (id, cause, list, kind, message, raised_at, cleared_at)
              select gen_random_uuid(), 'held:worst-of', 'worst-of', 'held', 'A version of list worst-of is held: it would add 8000 entries, 50 may come at once.', held_at, case when held_at < clock_timestamp() - interval '1.5 days' then held_at + interval '1 day' end from publishing.held;
            """),
        // Complaints of two years, an eighth of them open; what a trigger would write for each is written at once.
        ("complaints", """
            alter table complaint.complaint disable trigger complaint_becomes_a_case;
            insert into complaint.complaint (reference, secret_sha256, party, kind, domain, is_registrable, language, text, received_at, confirmed_at)
            select 'BL-' || lpad(i::text, 10, '0'), sha256(int8send(i)), (array['owner', 'host', 'customer', 'visitor'])[1 + i % 4], (array['never', 'cleaned', 'new-owner', 'shared', 'technical'])[1 + i % 5],
              case when i % 3 = 0 then s.name else 'innocent-' || i || '.example' end, true, (array['en', 'fr', 'es', 'ar'])[1 + i % 4], 'Our customers cannot open our site.', t.at, t.at
            from (select name, row_number() over (order by id) as i from (select id, name from curation.subject order by id limit greatest(200, :n / 20)) as few) as s,
              lateral (select :now - s.i * interval '3 minutes' as at) as t;
            alter table complaint.complaint enable trigger complaint_becomes_a_case;
            insert into complaint.dossier (reference, opened_at, domain, listed, looked_at, stage, due_at, outcome, decided_at, decided_by, answered_from)
            select reference, confirmed_at, domain, is_open and domain not like 'innocent-%', :now, case when is_open then (array['new', 'working', 'asked'])[1 + n % 3] else 'decided' end, case when is_open then confirmed_at + interval '7 days' end,
              case when not is_open then 'rejected' end, case when not is_open then confirmed_at + interval '2 days' end, case when not is_open then 'carlo' end, case when not is_open then confirmed_at + interval '7 days' end
            from (select *, right(reference, 10)::bigint as n, right(reference, 10)::bigint % 8 = 0 as is_open from complaint.complaint) as c;
            insert into complaint.clock (reference, kind, started_at, due_at, ended_at)
            select reference, k.kind, opened_at, opened_at + k.span, case when due_at is null or (k.kind = 'triage' and stage <> 'new') then opened_at + interval '1 hour' end
            from complaint.dossier, (values ('triage', interval '1 day'), ('decision', interval '7 days')) as k (kind, span);
            insert into complaint.event (reference, at, kind, person, visible) select reference, opened_at, e.kind, case when e.kind <> 'received' then 'carlo' end, true from complaint.dossier, unnest(array['received', 'triaged', 'question']) as e (kind);
            """),
        ("sign-ins", """
            insert into access.session (id, token_sha256, person, created_at, last_seen_at, expires_at, ended_at, ended_because, user_agent)
            select bench.uuid(at, p.id || i), sha256((p.id || i)::bytea), p.id, at, at + interval '1 hour', at + interval '10 hours', at + interval '2 hours', 'signed-out', 'Mozilla/5.0 (X11; Linux x86_64)'
            from access.person p, generate_series(1, greatest(20, :n / 1000)) as i, lateral (select :now - make_interval(hours => 12 * i) as at) as t;
            insert into access.invitation (id, token_sha256, person, kind, invited_by, created_at, expires_at)
            select bench.uuid(:now, 'invitation'), sha256('invited'), 'pieter', 'first', 'joost', :now, :now + interval '3 days';
            """),
        ("counts of the queues", """
            truncate curation.tally;
            insert into curation.tally (list, queue, voters, n)
            select list, queue, voters, count(*)
            from curation.episode, lateral (values (stage, true), ('overdue', overdue), ('lapsing', lapsing), ('untold', closed_at is null and not told)) as q (queue, is_in)
            where is_current and is_in group by list, queue, voters;
            """),
    ];

    /// <summary>After the few rows that the deployment's own preparation wrote.</summary>
    public const string Audit = """
        insert into oversight.audit (id, at, login, actor, action, subject, detail, row_sha256, seal_id) overriding system value
        select 1000 + i, :now - make_interval(secs => 10 * :n - i), 'blocklist_curation', (array['anna', 'bram', 'cora', 'dirk', 'elise', 'olav'])[1 + i % 6],
          (array['entries.read', 'decision.submit', 'sign-in.passkey', 'claim.take', 'import.stage'])[1 + i % 5], 'worst-of ' || i / 7, '{"kinds": "assessment", "count": 1}', sha256(int8send(i)), 1 + i / 5000
        from generate_series(1, 10 * :n::bigint) as i;
        insert into oversight.seal (id, rows, previous_sha256, sha256, sealed_at) overriding system value
        select s, 5000, sha256(int8send(s - 1)), sha256(int8send(s)), :now from generate_series(1, 1 + 10 * :n::bigint / 5000) as s;
        select setval(pg_get_serial_sequence('oversight.audit', 'id'), 10 * :n::bigint + 1001), setval(pg_get_serial_sequence('oversight.seal', 'id'), 2 + 10 * :n::bigint / 5000);
        """;

    /// <summary>Those whose indexes are built after they are filled.</summary>
    public static readonly string[] Bulk = ["curation.subject", "curation.episode", "curation.decision", "curation.annotation", "curation.notification", "publishing.entry"];
}
