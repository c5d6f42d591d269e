-- curation: what pages show of entries, without reading decisions: where each episode stands, who claimed it, what it
-- refers to. All of it follows from the decisions and the calendar; nothing is published by it.

-- Parts of names are found by trigrams. The schema is closed to logins: an index needs no right to be used.
create extension pg_trgm schema house;

------------------------------------------------------------------------------------------------------------------
-- A name with its scope, on whatever lists and in whatever episodes. Its id stands in addresses: random, since one that
-- carried a time would tell a blind reviewer when the first agency proposed.
create table curation.subject (
  id uuid primary key default gen_random_uuid(),
  name text collate "C" not null,
  scope text not null check (scope in ('domain', 'host')),
  -- The A-label, and the U-label where it is another.
  search text collate "C" not null,
  unique (name, scope),
  unique (id, name, scope)
);
insert into curation.subject (name, scope, search) select distinct name, scope, name from curation.episode;
create index subject_search on curation.subject using gin (search house.gin_trgm_ops);
-- A part that many names share is read along the names, one that few have by its trigrams: the planner needs to know which.
alter table curation.subject alter column search set statistics 1000;

alter table curation.episode
  add subject_id uuid,
  -- The newest episode of its entry, open or closed.
  add is_current boolean not null default true,
  add stage text not null default 'review'
    check (stage in ('review', 'disputed', 'eligible', 'withdrawn', 'suspended', 'lapsed', 'removed', 'declined')),
  -- Ids of the agencies that voted, in order, a space between them.
  add voters text collate "C" not null default '',
  add met_agencies integer not null default 0,
  add met_countries integer not null default 0,
  add newest_sighting timestamptz,
  add lapses_at timestamptz,
  -- From when on a doubted entry is out, where it was published.
  add suspended_from timestamptz,
  -- Since when it waits for another agency.
  add waits_since timestamptz,
  add overdue boolean not null default false,
  add lapsing boolean not null default false,
  -- Whether anyone who could take the material down was told.
  add told boolean not null default false,
  -- When time alone changes one of the columns above.
  add due_at timestamptz;

update curation.episode set stage = 'lapsed' where closed_at is not null;
update curation.episode e set subject_id = s.id from curation.subject s where s.name = e.name and s.scope = e.scope;
update curation.episode e set is_current = false
where exists (select from curation.episode later where later.list = e.list and later.name = e.name and later.scope = e.scope and (later.opened_at, later.id) > (e.opened_at, e.id));
update curation.episode e set
  voters = coalesce(v.voters, ''), met_agencies = coalesce(v.agencies, 0), met_countries = coalesce(v.countries, 0), newest_sighting = v.newest,
  lapses_at = (v.newest at time zone 'UTC' + make_interval(months => l.lease_months)) at time zone 'UTC',
  stage = case
    when e.closed_at is not null and v.removed then 'removed'
    when e.closed_at is not null then 'lapsed'
    when v.not_met then 'disputed'
    when v.agencies >= l.agencies_needed and v.countries >= l.countries_needed then 'eligible'
    when v.withdrawn then 'withdrawn'
    else 'review' end
from criteria.list l, (
  select d.episode_id,
    string_agg(distinct d.agency collate "C", ' ' order by d.agency collate "C") filter (where d.kind in ('proposal', 'assessment', 'withdrawal')) as voters,
    count(distinct d.agency) filter (where d.met and head) as agencies,
    count(distinct a.country) filter (where d.met and head) as countries,
    max(d.sighted_at) as newest,
    bool_or(d.kind = 'removal') as removed,
    bool_and(d.kind = 'withdrawal') filter (where head and d.kind in ('proposal', 'assessment', 'withdrawal')) as withdrawn,
    coalesce(bool_or(convert_from(d.statement, 'UTF8') like '%"not_met"%') filter (where head and d.kind in ('proposal', 'assessment')), false) as not_met
  from curation.decision d join access.agency a on a.id = d.agency,
    lateral (select not exists (select from curation.decision later where later.supersedes = d.id) as head) h
  group by d.episode_id) v
where l.id = e.list and v.episode_id = e.id;
-- The sweep works out the rest.
update curation.episode set waits_since = case when stage in ('review', 'disputed') then opened_at end, due_at = opened_at where closed_at is null;

alter table curation.episode
  alter subject_id set not null,
  add foreign key (subject_id, name, scope) references curation.subject (id, name, scope),
  add constraint episode_closed_stage check ((closed_at is not null) = (stage in ('lapsed', 'removed', 'declined'))),
  add constraint episode_open_is_current check (closed_at is not null or is_current),
  add constraint episode_flags_of_open check (closed_at is null or not (overdue or lapsing) and due_at is null and waits_since is null);

create index episode_of_subject on curation.episode (subject_id);
create unique index episode_current on curation.episode (name, scope, list) where is_current;
create index episode_by_stage on curation.episode (list, stage, voters, name, scope) where is_current;
create index episode_waiting on curation.episode (list, stage, voters, overdue desc, subject_id) where stage in ('review', 'disputed', 'suspended');
create index episode_lapsing on curation.episode (list, voters, lapses_at, subject_id) where lapsing;
create index episode_untold on curation.episode (list, voters, subject_id) where closed_at is null and not told;
create index episode_due on curation.episode (due_at) where due_at is not null;
create index annotation_reference on curation.annotation (reference_number) where reference_number is not null;
create index decision_of_person on curation.decision (person, position);
create index import_of_agency on curation.import (agency, id);
-- Which signature submitted it: its decisions are those of the batch.
alter table curation.import add assertion_id uuid references curation.assertion;

------------------------------------------------------------------------------------------------------------------
-- How many episodes stand where, kept as differences that nobody waits for; a count is a sum of few rows. The keys also
-- say which combinations of voters exist: a queue is read as one range of an index for each.
create table curation.tally (
  list text not null,
  -- A stage, or overdue, lapsing or untold.
  queue text not null,
  voters text collate "C" not null,
  n bigint not null
);
create index tally_key on curation.tally (list, queue, voters) include (n);

insert into curation.tally (list, queue, voters, n)
select list, queue, voters, count(*)
from curation.episode, lateral (values (stage, true), ('overdue', overdue), ('lapsing', lapsing), ('untold', closed_at is null and not told)) as q (queue, is_in)
where is_current and is_in group by list, queue, voters;

create function curation.tally_opened() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into curation.tally (list, queue, voters, n)
  select list, queue, voters, count(*)
  from added, lateral (values (stage, true), ('overdue', overdue), ('lapsing', lapsing), ('untold', closed_at is null and not told)) as q (queue, is_in)
  where is_current and is_in group by list, queue, voters;
  return null;
end $$;
create trigger episode_tally_opened after insert on curation.episode
  referencing new table as added for each statement execute function curation.tally_opened();

create function curation.tally_changed() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into curation.tally (list, queue, voters, n)
  select list, queue, voters, sum(sign)
  from (select *, 1 as sign from after_change union all select *, -1 from before_change) as changed,
    lateral (values (stage, true), ('overdue', overdue), ('lapsing', lapsing), ('untold', closed_at is null and not told)) as q (queue, is_in)
  where is_current and is_in group by list, queue, voters having sum(sign) <> 0;
  return null;
end $$;
create trigger episode_tally_changed after update on curation.episode
  referencing old table as before_change new table as after_change for each statement execute function curation.tally_changed();

-- Sums up what has come in, key by key. Readers see the rows before or those after.
create function curation.fold_tallies() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_folded integer;
begin
  with folded as (
    delete from curation.tally t using (select list, queue, voters from curation.tally group by list, queue, voters having count(*) > 1 or sum(n) = 0) as k
    where t.list = k.list and t.queue = k.queue and t.voters = k.voters returning t.list, t.queue, t.voters, t.n),
  kept as (
    insert into curation.tally (list, queue, voters, n)
    select list, queue, voters, sum(n) from folded group by list, queue, voters having sum(n) <> 0)
  select count(*) into v_folded from folded;
  return v_folded;
end $$;

------------------------------------------------------------------------------------------------------------------
-- What time does to episodes: the same as Curation/EpisodeSummary.cs, which works it out when a decision comes in.
create function curation.next_due(p_now timestamptz, p_stage text, p_waits_since timestamptz, p_suspended_from timestamptz, p_lapses_at timestamptz)
  returns timestamptz language sql immutable
  return (select min(at) from (values (p_lapses_at), (p_lapses_at - interval '336 hours'), (p_waits_since + interval '336 hours'),
    (case when p_stage = 'disputed' then p_suspended_from end)) as v (at) where at > p_now);

create function curation.advance_stages_at(p_now timestamptz, p_limit integer) returns integer language plpgsql as $$
declare
  v_due uuid[];
begin
  delete from curation.claim where expires_at < p_now;
  -- First locked, then read: a decision that came in meanwhile is not to be undone. Whatever is locked comes next time.
  select array_agg(id) into v_due from (
    select id from curation.episode where due_at <= p_now order by due_at limit p_limit for no key update skip locked) as due;
  if v_due is null then return 0; end if;
  update curation.episode set
    stage = case when lapses_at <= p_now then 'lapsed' when stage = 'disputed' and suspended_from <= p_now then 'suspended' else stage end,
    closed_at = case when lapses_at <= p_now then p_now end,
    waits_since = case when lapses_at > p_now then waits_since end,
    overdue = lapses_at > p_now and coalesce(waits_since <= p_now - interval '336 hours', false),
    lapsing = lapses_at > p_now and lapses_at - interval '336 hours' <= p_now,
    due_at = case when lapses_at > p_now then curation.next_due(p_now, stage, waits_since, suspended_from, lapses_at) end
  where id = any (v_due) and closed_at is null;
  return cardinality(v_due);
end $$;

-- The worker says how many, not when it is.
create function curation.advance_stages(p_limit integer) returns integer
  language sql security definer set search_path = pg_catalog, pg_temp
  return curation.advance_stages_at(clock_timestamp(), p_limit);

------------------------------------------------------------------------------------------------------------------
-- Who is at work on what. A claim is an agency's own; other agencies do not see it.
create table curation.claim (
  episode_id uuid not null references curation.episode,
  agency text not null,
  person text not null,
  taken_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  primary key (episode_id, agency),
  foreign key (person, agency) references access.person (id, agency),
  constraint claim_ends check (expires_at <= taken_at + interval '31 minutes')
);
create index claim_of_person on curation.claim (person, expires_at);
create index claim_expiry on curation.claim (expires_at);

-- Whom a declared conflict of interest keeps from judging an entry, on any list and in any episode.
create table curation.conflict (
  person text not null references access.person,
  subject_id uuid not null references curation.subject,
  declared_at timestamptz not null default clock_timestamp(),
  primary key (person, subject_id)
);

-- Where to look in other systems, beside what decisions name: identifiers, never material.
create table curation.reference (
  id uuid primary key,
  episode_id uuid not null references curation.episode,
  type text not null,
  number text not null check (length(number) between 1 and 64),
  agency text not null,
  person text not null,
  added_at timestamptz not null default clock_timestamp(),
  constraint reference_once unique (episode_id, type, number),
  foreign key (person, agency) references access.person (id, agency)
);
create index reference_number on curation.reference (number);

-- Who was told that the material stands there: the National Central Bureau of the hosting country, a hotline, or ICCAM.
create table curation.notification (
  id uuid primary key,
  episode_id uuid not null references curation.episode,
  kind text not null check (kind in ('ncb', 'hotline', 'iccam')),
  country text check (country ~ '^[A-Z]{2}$'),
  number text check (length(number) between 1 and 64),
  sent_at timestamptz not null,
  agency text not null,
  person text not null,
  added_at timestamptz not null default clock_timestamp(),
  constraint notification_names_the_country check (country is not null or kind = 'iccam'),
  constraint notification_was_sent check (sent_at <= added_at),
  foreign key (person, agency) references access.person (id, agency)
);
create index notification_of_episode on curation.notification (episode_id);

create table curation.saved_filter (
  id uuid primary key,
  person text not null references access.person,
  name text not null check (length(name) between 1 and 60),
  filter jsonb not null check (octet_length(filter::text) <= 4096),
  saved_at timestamptz not null default clock_timestamp(),
  constraint saved_filter_name unique (person, name)
);

-- What a form that was sent did: sending it again does nothing more.
create table curation.submission (
  id uuid primary key,
  person text not null,
  assertion_id uuid not null references curation.assertion,
  list text not null,
  kinds text not null,
  decisions integer not null,
  at timestamptz not null default clock_timestamp()
);

create trigger reference_append_only before update or delete or truncate on curation.reference
  for each statement execute function house.refuse_change();
create trigger notification_append_only before update or delete or truncate on curation.notification
  for each statement execute function house.refuse_change();

------------------------------------------------------------------------------------------------------------------
-- Who may decide, asked of the people as they are now. Once for each statement: a batch of 100,000 is one.
create function curation.require_rightful_decisions() returns trigger language plpgsql as $$
begin
  -- Whoever takes a role away at this moment is waited for.
  perform from access.person where id in (select distinct person from added) for share;
  if exists (
    select from (select distinct person, case kind when 'removal' then 'release-officer' else 'curator' end as role from added) as a
    where not exists (select from access.person p where p.id = a.person and a.role = any (p.roles))) then
    raise exception 'the person does not hold the role for this decision' using errcode = 'check_violation', constraint = 'decision_person_holds_the_role';
  end if;
  if exists (
    select from added a join curation.claim c on c.episode_id = a.episode_id and c.agency = a.agency
    where a.kind in ('assessment', 'withdrawal') and c.person <> a.person and c.expires_at > clock_timestamp()) then
    raise exception 'a colleague has claimed this entry' using errcode = 'check_violation', constraint = 'decision_not_claimed_by_a_colleague';
  end if;
  if exists (
    select from curation.conflict k join curation.episode e on e.subject_id = k.subject_id join added a on a.episode_id = e.id and a.person = k.person
    where k.person in (select distinct person from added) and a.kind <> 'sighting') then
    raise exception 'the person declared a conflict of interest' using errcode = 'check_violation', constraint = 'decision_without_conflict_of_interest';
  end if;
  if exists (
    select from added a join curation.decision d on d.episode_id = a.episode_id and d.person = a.person
    where a.kind = 'removal' and d.kind in ('proposal', 'assessment', 'withdrawal')) then
    raise exception 'nobody removes an entry that they voted on' using errcode = 'check_violation', constraint = 'decision_removal_by_another_person';
  end if;
  return null;
end $$;
create trigger decision_is_rightful after insert on curation.decision
  referencing new table as added for each statement execute function curation.require_rightful_decisions();

------------------------------------------------------------------------------------------------------------------
-- publishing: what curation shows of versions. A line is how the published file writes an entry.
create or replace view publishing.published_entry as
  select list, ltrim(line, '=') as name, case when line like '=%' then 'host' else 'domain' end as scope, added_serial, line
  from publishing.entry where removed_serial is null;

create view publishing.publication as
  select e.list, e.line, e.added_serial, added.published_at as added_at, e.removed_serial, removed.published_at as removed_at
  from publishing.entry e join publishing.version added on added.list = e.list and added.serial = e.added_serial
  left join publishing.version removed on removed.list = e.list and removed.serial = e.removed_serial;

grant select on publishing.publication to blocklist_curation;
grant select on curation.subject, curation.tally, curation.claim, curation.conflict, curation.reference, curation.notification, curation.saved_filter, curation.submission
  to blocklist_curation;
grant insert (name, scope, search) on curation.subject to blocklist_curation;
grant insert (subject_id, stage, voters, met_agencies, met_countries, newest_sighting, lapses_at, suspended_from, waits_since, lapsing, due_at),
  update (is_current, stage, voters, met_agencies, met_countries, newest_sighting, lapses_at, suspended_from, waits_since, overdue, lapsing, told, due_at)
  on curation.episode to blocklist_curation;
grant update (assertion_id) on curation.import to blocklist_curation;
grant insert, update (person, taken_at, expires_at), delete on curation.claim to blocklist_curation;
grant insert (person, subject_id) on curation.conflict to blocklist_curation;
grant insert (id, episode_id, type, number, agency, person) on curation.reference to blocklist_curation;
grant insert (id, episode_id, kind, country, number, sent_at, agency, person) on curation.notification to blocklist_curation;
grant insert (id, person, name, filter), delete on curation.saved_filter to blocklist_curation;
grant insert (id, person, assertion_id, list, kinds, decisions) on curation.submission to blocklist_curation;
grant usage on schema curation to blocklist_worker;
grant execute on function curation.advance_stages(integer), curation.fold_tallies() to blocklist_worker;
