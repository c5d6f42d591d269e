-- distribution: what is in force where, kept beside the receipts so that no page has to read them all.

-- What agents say beyond "version N is in force". Agents of before say none of it.
alter table distribution.receipt
  -- Which installation wrote it: drawn once by the agent.
  add node text check (node ~ '^[0-9a-f]{16}$'),
  add result text not null default 'applied' check (result in ('applied', 'failed', 'held', 'withdrawn')),
  -- Of a failure: the step.
  add reason text check (reason ~ '^[a-z-]{1,32}$'),
  add held_additions integer not null default 0 check (held_additions >= 0),
  add held_removals integer not null default 0 check (held_removals >= 0),
  add waiting integer not null default 0 check (waiting >= 0),
  -- Of what is left out: how many entries the provider's own never-block file takes out.
  add own integer not null default 0 check (own >= 0),
  drop constraint receipt_evidence_check,
  add constraint receipt_evidence_check check (evidence in ('dump', 'serial', 'probe', 'none')),
  add constraint receipt_without_evidence check (evidence <> 'none' or result in ('failed', 'held')),
  add constraint receipt_reason_of_a_failure check ((reason is not null) = (result = 'failed'));
grant insert (node, result, reason, held_additions, held_removals, waiting, own) on distribution.receipt to blocklist_distribution;
create index receipt_failed on distribution.receipt (provider_id, id desc) where result = 'failed';
create index download_refused on distribution.download (provider_id, id desc) where refusal is not null;

-- What the newest receipt of each resolver says.
create table distribution.resolver (
  provider_id uuid not null references providers.provider,
  list text not null,
  -- The node; of agents that name none, the first certificate of those that were renewed from each other.
  node text not null,
  kind text not null,
  seen_at timestamptz not null,
  receipt_id bigint not null,
  -- As reported, whatever it is worth.
  version integer not null,
  ours boolean not null,
  evidence text not null,
  result text not null,
  reason text,
  held_additions integer not null,
  held_removals integer not null,
  waiting integer not null,
  left_out integer not null,
  own integer not null,
  -- Of a list of test names: 'proven', 'blocked' (nothing was said of the name before), 'not-blocked', 'not-freed', 'unclear'; null for other lists.
  tested text check (tested in ('proven', 'blocked', 'not-blocked', 'not-freed', 'unclear')),
  log_differs boolean,
  agent_version text not null,
  agent_clock timestamptz not null,
  -- The newest version that is in force there, all of it; and the newest whose removals are. 0 for none.
  whole integer not null,
  freed integer not null,
  primary key (provider_id, list, node)
);

-- Of each provider and list: what all its resolvers have that were heard of lately.
create table distribution.in_force (
  provider_id uuid not null references providers.provider,
  list text not null,
  receipt_at timestamptz,
  resolvers integer not null default 0,
  whole integer not null default 0,
  freed integer not null default 0,
  -- How far it ever came, and where it began.
  whole_reached integer not null default 0,
  freed_reached integer not null default 0,
  first_serial integer,
  differs boolean not null default false,
  failing boolean not null default false,
  held boolean not null default false,
  unproven boolean not null default false,
  left_out integer not null default 0,
  own integer not null default 0,
  primary key (provider_id, list)
);
create index in_force_of_list on distribution.in_force (list, freed);

-- When a version was first in force at a provider, by the clock of this server. One row for each, skipped versions included.
create table distribution.applied (
  list text not null,
  serial integer not null,
  provider_id uuid not null references providers.provider,
  whole_at timestamptz,
  freed_at timestamptz,
  primary key (list, serial, provider_id)
);
create index applied_curve on distribution.applied (list, serial, whole_at) where whole_at is not null;

-- The last time that something was served to a provider, and that it was refused. List '' where the address names none.
create table distribution.contact (
  provider_id uuid not null,
  list text not null,
  at timestamptz,
  refused_at timestamptz,
  refusal text,
  primary key (provider_id, list)
);
create table distribution.fold (one boolean primary key default true check (one), download bigint not null default 0);
insert into distribution.fold default values;

-- Entries of a list that a provider's own never-block file takes out: once for each stretch of an entry and provider.
create table distribution.local_exception (
  provider_id uuid not null references providers.provider,
  list text not null,
  line text collate "C" not null,
  added_serial integer not null,
  since timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  -- Who said so last.
  node text not null,
  -- When the agencies were told.
  told_at timestamptz,
  primary key (provider_id, list, line, added_serial)
);
create index local_exception_of_entry on distribution.local_exception (list, line, added_serial);
create index local_exception_untold on distribution.local_exception (since) where told_at is null;

-- How each provider stands with each list, as the worker found it a moment ago.
create table distribution.standing (
  list text not null,
  provider_id uuid not null,
  states text[] not null,
  worst text not null,
  since timestamptz not null default clock_timestamp(),
  primary key (list, provider_id)
);

-- How far each version has come.
create table distribution.progress (
  list text not null,
  serial integer not null,
  whole integer not null,
  freed integer not null,
  providers integer not null,
  -- Seconds from publication: p50, p90, p99; infinity where that many have it not. Null where nothing was added, or nobody is to be asked.
  block double precision[],
  unblock double precision[],
  measured_at timestamptz not null,
  primary key (list, serial)
);

-- The same over all versions of 30 days, and how many stand how.
create table distribution.summary (
  list text primary key,
  providers integer not null,
  states jsonb not null,
  block double precision[],
  block_pairs bigint not null,
  unblock double precision[],
  unblock_pairs bigint not null,
  measured_at timestamptz not null
);

grant select on distribution.resolver, distribution.in_force, distribution.applied, distribution.contact, distribution.local_exception, distribution.standing, distribution.progress, distribution.summary to blocklist_curation;

------------------------------------------------------------------------------------------------------------------
-- Receipts.

-- Which installation a receipt without a node comes from: renewing a certificate makes no new one.
create function distribution.first_certificate(p_sha256 text) returns text language sql stable as $$
  with recursive origin as (
    select sha256, renewed_from from providers.certificate where sha256 = p_sha256
    union
    select c.sha256, c.renewed_from from providers.certificate c join origin o on c.sha256 = o.renewed_from)
  select left(coalesce((select sha256 from origin where renewed_from is null limit 1), p_sha256), 16)
$$;

-- What the probes of a list of test names show.
create function distribution.tested(p_list text, p_probes jsonb) returns text language sql stable as $$
  select case
    when not exists (select from criteria.list where id = p_list and test_domain is not null) then null
    when p_probes ->> 'first' in ('open', 'blocked otherwise') then 'not-blocked'
    when p_probes ->> 'removed' in ('covered', 'blocked') then 'not-freed'
    when p_probes ->> 'first' = 'blocked' and p_probes ->> 'removed' = 'free' then 'proven'
    when p_probes ->> 'first' = 'blocked' and p_probes ->> 'removed' is null then 'blocked'
    else 'unclear' end
$$;

create function distribution.note_receipt() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_node text := coalesce(new.node, distribution.first_certificate(new.certificate_sha256));
  v_ours boolean := exists (select from publishing.version where list = new.list and serial = new.version and list_sha256 = new.sha256);
  v_tested text := distribution.tested(new.list, new.probes);
  v_before distribution.in_force;
  v_now distribution.in_force;
begin
  -- One receipt of a provider and list at a time: each must see what the one before wrote of another resolver.
  insert into distribution.in_force (provider_id, list) values (new.provider_id, new.list) on conflict do nothing;
  select * into v_before from distribution.in_force where provider_id = new.provider_id and list = new.list for update;

  -- One that is posted again, since its answer was lost, says nothing new; what came meanwhile stays.
  if exists (
    select from (select r.version, r.agent_clock, r.node, r.result from distribution.receipt r where r.provider_id = new.provider_id and r.list = new.list and r.id < new.id order by r.id desc limit 100) e
    where e.version = new.version and e.agent_clock = new.agent_clock and e.result = new.result and e.node is not distinct from new.node)
    and exists (select from distribution.resolver where provider_id = new.provider_id and list = new.list and node = v_node and agent_clock > new.agent_clock) then
    return null;
  end if;

  insert into distribution.resolver as r (provider_id, list, node, kind, seen_at, receipt_id, version, ours, evidence, result, reason, held_additions, held_removals, waiting, left_out, own, tested, log_differs, agent_version, agent_clock, whole, freed)
  values (new.provider_id, new.list, v_node, new.resolver, new.at, new.id, new.version, v_ours, new.evidence, new.result, new.reason, new.held_additions, new.held_removals, new.waiting, new.left_out, new.own,
    v_tested, new.log_differs, new.agent_version, new.agent_clock,
    case when v_ours and new.result = 'applied' and new.waiting = 0 then new.version else 0 end,
    case when v_ours and (new.result in ('applied', 'withdrawn') or (new.result = 'held' and new.evidence <> 'none' and new.held_removals = 0)) then new.version else 0 end)
  on conflict (provider_id, list, node) do update set kind = excluded.kind, seen_at = excluded.seen_at, receipt_id = excluded.receipt_id, version = excluded.version, ours = excluded.ours, evidence = excluded.evidence,
    result = excluded.result, reason = excluded.reason, held_additions = excluded.held_additions, held_removals = excluded.held_removals, waiting = excluded.waiting, left_out = excluded.left_out, own = excluded.own,
    -- A failure says nothing of what goes on.
    tested = case when excluded.result = 'failed' then r.tested else excluded.tested end,
    log_differs = coalesce(excluded.log_differs, r.log_differs), agent_version = excluded.agent_version, agent_clock = excluded.agent_clock,
    whole = case
      when excluded.result = 'failed' then r.whole
      when not excluded.ours or excluded.result = 'withdrawn' then 0
      when excluded.result = 'held' or excluded.waiting > 0 then r.whole
      else excluded.version end,
    -- Who goes back to an older version leaves out what was removed since.
    freed = case
      when excluded.result = 'failed' then r.freed
      when not excluded.ours then 0
      else greatest(r.freed, excluded.freed) end;

  -- More installations than anybody has are a mistake of somebody's: the one heard of longest ago goes.
  delete from distribution.resolver d where d.provider_id = new.provider_id and d.list = new.list and d.node in (
    select x.node from distribution.resolver x where x.provider_id = new.provider_id and x.list = new.list order by x.seen_at desc offset 64);

  update distribution.in_force f set receipt_at = new.at, resolvers = a.resolvers, whole = a.whole, freed = a.freed,
    whole_reached = greatest(f.whole_reached, a.whole), freed_reached = greatest(f.freed_reached, a.freed), first_serial = coalesce(f.first_serial, nullif(greatest(a.whole, a.freed), 0)),
    differs = a.differs, failing = a.failing, held = a.held, unproven = a.unproven, left_out = a.left_out, own = a.own
  from (
    select count(*)::int as resolvers, min(r.whole) as whole, min(r.freed) as freed, bool_or(not r.ours or coalesce(r.log_differs, false)) as differs, bool_or(r.result in ('failed', 'withdrawn')) as failing,
      bool_or(r.result = 'held') as held, coalesce(bool_or(r.tested in ('not-blocked', 'not-freed')), false) as unproven, max(r.left_out) as left_out, max(r.own) as own
    from distribution.resolver r where r.provider_id = new.provider_id and r.list = new.list and r.seen_at > new.at - interval '7 days') a
  where f.provider_id = new.provider_id and f.list = new.list
  returning f.* into v_now;

  -- Of the first version of a provider there is nothing before it that it would have had to catch up with.
  insert into distribution.applied as a (list, serial, provider_id, whole_at, freed_at)
  select new.list, v.serial, new.provider_id,
    case when v.serial <= v_now.whole and v.serial > v_before.whole_reached then new.at end, case when v.serial <= v_now.freed and v.serial > v_before.freed_reached then new.at end
  from publishing.version v
  where v.list = new.list and v.serial >= v_now.first_serial and v.serial > least(v_before.whole_reached, v_before.freed_reached) and v.serial <= greatest(v_now.whole, v_now.freed)
    and (v.serial > v_before.whole_reached and v.serial <= v_now.whole or v.serial > v_before.freed_reached and v.serial <= v_now.freed)
  on conflict (list, serial, provider_id) do update set whole_at = coalesce(a.whole_at, excluded.whole_at), freed_at = coalesce(a.freed_at, excluded.freed_at);
  return null;
end $$;
create trigger receipt_notes_coverage after insert on distribution.receipt for each row execute function distribution.note_receipt();

-- What the receipts of before say, each provider's newest of each installation.
insert into distribution.resolver (provider_id, list, node, kind, seen_at, receipt_id, version, ours, evidence, result, held_additions, held_removals, waiting, left_out, own, tested, log_differs, agent_version, agent_clock, whole, freed)
select distinct on (r.provider_id, r.list, r.node) r.provider_id, r.list, r.node, r.resolver, r.at, r.id, r.version, r.ours, r.evidence, 'applied', 0, 0, 0, r.left_out, 0, distribution.tested(r.list, r.probes), r.log_differs, r.agent_version, r.agent_clock,
  case when r.ours then r.version else 0 end, case when r.ours then r.version else 0 end
from (select x.id, x.provider_id, x.list, x.at, x.version, x.resolver, x.evidence, x.left_out, x.probes, x.log_differs, x.agent_version, x.agent_clock, distribution.first_certificate(x.certificate_sha256) as node,
    exists (select from publishing.version v where v.list = x.list and v.serial = x.version and v.list_sha256 = x.sha256) as ours
  from distribution.receipt x) r
order by r.provider_id, r.list, r.node, r.id desc;
insert into distribution.in_force (provider_id, list, receipt_at, resolvers, whole, freed, whole_reached, freed_reached, first_serial, differs, left_out)
select r.provider_id, r.list, max(r.seen_at), count(*), min(r.whole), min(r.freed), min(r.whole), min(r.freed),
  (select min(x.version) from distribution.receipt x where x.provider_id = r.provider_id and x.list = r.list and exists (select from publishing.version v where v.list = x.list and v.serial = x.version)),
  bool_or(not r.ours or coalesce(r.log_differs, false)), max(r.left_out)
from distribution.resolver r group by r.provider_id, r.list;
insert into distribution.applied (list, serial, provider_id, whole_at, freed_at)
select r.list, r.version, r.provider_id, min(r.at), min(r.at) from distribution.receipt r join publishing.version v on v.list = r.list and v.serial = r.version and v.list_sha256 = r.sha256 group by r.list, r.version, r.provider_id;

-- What a provider's own never-block file takes out of a version, by the certificate's provider. False, and nothing stored, where
-- one of the lines is not on that version. Called in the transaction of the receipt.
create function distribution.report_exceptions(p_certificate_sha256 text, p_list text, p_version integer, p_node text, p_lines text[]) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_provider uuid := (select provider_id from providers.certificate where sha256 = p_certificate_sha256);
  v_node text := coalesce(p_node, distribution.first_certificate(p_certificate_sha256));
  v_room integer;
begin
  if v_provider is null or cardinality(p_lines) > 50 or exists (
    select from unnest(p_lines) as l (line)
    where not exists (select from publishing.entry e where e.list = p_list and e.line = l.line and e.added_serial <= p_version and (e.removed_serial is null or e.removed_serial > p_version))) then
    return false;
  end if;
  -- The same row that the receipt takes, so that both go in one order.
  insert into distribution.in_force (provider_id, list) values (v_provider, p_list) on conflict do nothing;
  perform from distribution.in_force where provider_id = v_provider and list = p_list for update;
  select 200 - count(*) into v_room from distribution.local_exception where provider_id = v_provider and list = p_list and ended_at is null;
  insert into distribution.local_exception as x (provider_id, list, line, added_serial, node)
  select v_provider, p_list, e.line, e.added_serial, v_node
  from (select distinct line from unnest(p_lines) as l (line)) l
  join publishing.entry e on e.list = p_list and e.line = l.line and e.added_serial <= p_version and (e.removed_serial is null or e.removed_serial > p_version)
  left join distribution.local_exception known on known.provider_id = v_provider and known.list = p_list and known.line = e.line and known.added_serial = e.added_serial
  order by known.line is null, e.line limit (select count(*) from distribution.local_exception k where k.provider_id = v_provider and k.list = p_list and k.line = any (p_lines)) + greatest(v_room, 0)
  on conflict (provider_id, list, line, added_serial) do update set seen_at = clock_timestamp(), ended_at = null, node = excluded.node;
  update distribution.local_exception set ended_at = clock_timestamp()
  where provider_id = v_provider and list = p_list and node = v_node and ended_at is null and line <> all (p_lines);
  return true;
end $$;
grant execute on function distribution.report_exceptions(text, text, integer, text, text[]) to blocklist_distribution;

------------------------------------------------------------------------------------------------------------------
-- How far a version has come: of those who are to apply the list, all whose resolvers have it. One rule for pages and complaints.
create function distribution.reach(p_list text, p_serial integer) returns table (whole bigint, freed bigint, providers bigint) language sql stable as $$
  select count(*) filter (where f.whole >= p_serial), count(*) filter (where f.freed >= p_serial), count(*)
  from providers.provider_list l join providers.provider p on p.id = l.provider_id and p.suspended_at is null
  left join distribution.in_force f on f.provider_id = l.provider_id and f.list = l.list
  where l.list = p_list
$$;

-- Of a removal it counts that the name is free: additions of the same version may wait for a change window.
create or replace function complaint.applied(p_reference text, p_secret_sha256 bytea, p_lists text[], p_serials integer[]) returns table (list text, serial integer, applied bigint, providers bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.list, r.serial, n.freed, n.providers
  from (select distinct u.list, u.serial from unnest(p_lists, p_serials) as u (list, serial)) r cross join lateral distribution.reach(r.list, r.serial) n
  where (complaint.find(p_reference, p_secret_sha256)).proof_state = 'proven'
$$;

------------------------------------------------------------------------------------------------------------------
-- How everybody stands. The gravest state first.
create view distribution.standing_now as
  select l.provider_id, l.list, h.serial as newest, v.published_at as newest_at, coalesce(f.whole, 0) as whole, coalesce(f.freed, 0) as freed, f.resolvers, f.receipt_at, seen.at as contact_at, c.refused_at, c.refusal,
    f.left_out, f.own, f.first_serial,
    array_remove(array[
      case when f.differs then 'differs' end,
      -- What it holds was signed before it was here last, and before it was signed last.
      case when seen.at is not null and least(seen.at, h.timestamp_signed_at) < clock_timestamp() - interval '7 days' then 'frozen' end,
      case when seen.at < clock_timestamp() - interval '24 hours' then 'stale' end,
      case when c.refused_at > coalesce(c.at, '-infinity') then 'refused' end,
      case when f.failing then 'failing' end,
      case when f.held then 'held' end,
      case when v.published_at < clock_timestamp() - interval '24 hours' and c.at > v.published_at and coalesce(f.receipt_at, '-infinity') < v.published_at then 'silent' end,
      case when f.unproven then 'unproven' end,
      case when seen.at is not null and coalesce(f.whole, 0) < h.serial then case when v.published_at < clock_timestamp() - interval '1 hour' then 'behind' else 'following' end end,
      case when seen.at is null then 'new' end,
      case when f.own > 0 then 'leaves-out' end], null) as states
  from providers.provider_list l join providers.provider p on p.id = l.provider_id and p.suspended_at is null
  left join publishing.head h on h.list = l.list
  left join publishing.version v on v.list = h.list and v.serial = h.serial
  left join distribution.in_force f on f.provider_id = l.provider_id and f.list = l.list
  left join distribution.contact c on c.provider_id = l.provider_id and c.list = l.list
  cross join lateral (select greatest(c.at, f.receipt_at) as at) seen;

-- Takes downloads into contacts. Numbers are given before rows are committed, so the newest are looked at again.
create function distribution.fold_contacts() returns void language plpgsql as $$
declare
  v_from bigint;
  v_until bigint;
begin
  select download into v_from from distribution.fold for update;
  v_until := v_from + 200000;
  insert into distribution.contact as c (provider_id, list, at, refused_at, refusal)
  select d.provider_id, coalesce(d.list, ''), max(d.at) filter (where d.status < 400), max(d.at) filter (where d.refusal is not null), (array_agg(d.refusal order by d.id desc) filter (where d.refusal is not null))[1]
  from distribution.download d where d.id > v_from and d.id <= v_until and d.provider_id is not null group by d.provider_id, coalesce(d.list, '')
  on conflict (provider_id, list) do update set at = greatest(c.at, excluded.at), refused_at = greatest(c.refused_at, excluded.refused_at),
    refusal = case when excluded.refused_at >= coalesce(c.refused_at, '-infinity') then excluded.refusal else c.refusal end
  where c.at is distinct from greatest(c.at, excluded.at) or c.refused_at is distinct from greatest(c.refused_at, excluded.refused_at);
  update distribution.fold set download = coalesce((select max(d.id) from distribution.download d where d.id > v_from and d.id <= v_until and d.at < clock_timestamp() - interval '1 minute'), download);
end $$;

-- Times of one list's versions of 30 days: seconds until each provider had them that was there before. Infinity after a day without;
-- one that is younger is not asked yet.
create function distribution.delays(p_list text, p_serial integer) returns table (serial integer, block double precision, unblock double precision) language sql stable as $$
  select v.serial,
    case when v.added > 0 then coalesce(extract(epoch from a.whole_at - v.published_at)::double precision, case when v.published_at < clock_timestamp() - interval '24 hours' then 'infinity'::double precision end) end,
    case when v.removed > 0 then coalesce(extract(epoch from a.freed_at - v.published_at)::double precision, case when v.published_at < clock_timestamp() - interval '24 hours' then 'infinity'::double precision end) end
  from publishing.version v
  join distribution.in_force f on f.list = v.list and f.first_serial < v.serial
  join providers.provider_list l on l.provider_id = f.provider_id and l.list = f.list
  join providers.provider p on p.id = f.provider_id and p.suspended_at is null
  left join distribution.applied a on a.list = v.list and a.serial = v.serial and a.provider_id = f.provider_id
  where v.list = p_list and (p_serial is null or v.serial = p_serial) and v.published_at > clock_timestamp() - interval '30 days'
$$;

create function distribution.measure_versions(p_list text) returns void language sql as $$
  with due as materialized (
    select v.list, v.serial from (select x.list, x.serial, x.published_at from publishing.version x where x.list = p_list order by x.serial desc limit 30) v
    left join distribution.progress known on known.list = v.list and known.serial = v.serial
    -- What is older hardly changes any more.
    where known.measured_at is null or known.measured_at < clock_timestamp() - interval '1 hour' or v.published_at > clock_timestamp() - interval '48 hours')
  insert into distribution.progress as g (list, serial, whole, freed, providers, block, unblock, measured_at)
  select v.list, v.serial, n.whole, n.freed, n.providers, d.block, d.unblock, clock_timestamp()
  from due v
  cross join lateral (
    select count(*) filter (where a.whole_at is not null)::int as whole, count(*) filter (where a.freed_at is not null)::int as freed, count(*)::int as providers
    from providers.provider_list l join providers.provider p on p.id = l.provider_id and p.suspended_at is null
    left join distribution.in_force f on f.provider_id = l.provider_id and f.list = l.list
    left join distribution.applied a on a.list = v.list and a.serial = v.serial and a.provider_id = l.provider_id
    where l.list = v.list and coalesce(f.first_serial, 0) <= v.serial) n
  cross join lateral (
    select percentile_disc(array[0.5, 0.9, 0.99]) within group (order by t.block) as block, percentile_disc(array[0.5, 0.9, 0.99]) within group (order by t.unblock) as unblock
    from distribution.delays(v.list, v.serial) t) d
  on conflict (list, serial) do update set whole = excluded.whole, freed = excluded.freed, providers = excluded.providers, block = excluded.block, unblock = excluded.unblock, measured_at = excluded.measured_at
$$;

-- Raises, changes and ends one alarm of coverage.
create function distribution.settle_alarm(p_cause text, p_list text, p_message text) returns void language plpgsql as $$
begin
  if p_message is null then
    update publishing.alarm set cleared_at = clock_timestamp() where cause = p_cause and cleared_at is null;
  else
    insert into publishing.alarm (id, cause, list, kind, message) values (gen_random_uuid(), p_cause, p_list, 'coverage', left(p_message, 2000))
    on conflict (cause) where cleared_at is null do update set message = excluded.message, seen_at = clock_timestamp() where publishing.alarm.message <> excluded.message;
  end if;
end $$;

create function distribution.settle_alarms(p_list text) returns void language plpgsql as $$
declare
  v_summary distribution.summary;
  v_state text;
  v_count integer;
  v_serial integer;
  v_freed integer;
  v_providers integer;
begin
  select * into v_summary from distribution.summary where list = p_list;
  foreach v_state in array array['differs', 'frozen', 'stale', 'failing', 'silent', 'unproven'] loop
    v_count := coalesce((v_summary.states ->> v_state)::int, 0);
    perform distribution.settle_alarm('coverage:' || v_state || ':' || p_list, p_list, case
      -- One that has something else than was signed is one too many; of the rest a few are always away.
      when v_count = 0 or (v_state <> 'differs' and v_count * 20 < v_summary.providers) then null
      else format(case v_state
        when 'differs' then '%s of %s providers of list %s report content or a log that is not ours. Call them: something stands between them and this server, or keys of the list are in other hands.'
        when 'frozen' then '%s of %s providers of list %s hold metadata that has expired: nothing reached them for a week, or nothing was signed.'
        when 'stale' then '%s of %s providers of list %s were not heard of for 24 hours. Their filters stand still; names that were removed are still blocked there.'
        when 'failing' then '%s of %s providers of list %s could not put the list in force, or withdrew it. What they reported stands on their pages.'
        when 'silent' then '%s of %s providers of list %s download it and do not say that it is in force.'
        else '%s of %s providers of list %s do not block its newest test name, or block the one before: their filter does not follow.' end, v_count, v_summary.providers, p_list) end);
  end loop;
  -- The newest version that freed names a day ago or longer: are they free?
  select v.serial, g.freed, g.providers into v_serial, v_freed, v_providers
  from publishing.version v join distribution.progress g on g.list = v.list and g.serial = v.serial
  where v.list = p_list and v.removed > 0 and v.published_at < clock_timestamp() - interval '24 hours' order by v.serial desc limit 1;
  perform distribution.settle_alarm('coverage:unblock:' || p_list, p_list, case when v_freed * 10 < v_providers * 9
    then format('Names that version %s of list %s removed a day ago are free at %s of %s providers only. Look which are behind, and call them.', v_serial, p_list, v_freed, v_providers) end);
end $$;

-- Looks at everybody. Returns how many providers and lists changed how they stand.
create function distribution.measure_coverage() returns integer language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_list text;
  v_changed integer;
begin
  perform distribution.fold_contacts();
  delete from distribution.standing s where not exists (select from providers.provider_list l join providers.provider p on p.id = l.provider_id and p.suspended_at is null where l.provider_id = s.provider_id and l.list = s.list);
  insert into distribution.standing as s (list, provider_id, states, worst)
  select n.list, n.provider_id, n.states, coalesce(n.states[1], 'current') from distribution.standing_now n
  on conflict (list, provider_id) do update set states = excluded.states, worst = excluded.worst, since = case when s.worst = excluded.worst then s.since else clock_timestamp() end
  where s.states <> excluded.states;
  get diagnostics v_changed = row_count;
  for v_list in select distinct list from providers.provider_list order by list loop
    perform distribution.measure_versions(v_list);
    insert into distribution.summary as s (list, providers, states, block, block_pairs, unblock, unblock_pairs, measured_at)
    select v_list, c.providers, c.states, d.block, d.block_pairs, d.unblock, d.unblock_pairs, clock_timestamp()
    from (
      select coalesce((select count(*)::int from distribution.standing where list = v_list), 0) as providers,
        coalesce((select jsonb_object_agg(k.state, k.n) from (
          select u.state, count(*) as n from distribution.standing t cross join lateral unnest(case when t.states = '{}' then array['current'] else t.states end) as u (state) where t.list = v_list group by u.state) k), '{}') as states) c
    cross join lateral (
      select percentile_disc(array[0.5, 0.9, 0.99]) within group (order by t.block) as block, count(t.block) as block_pairs,
        percentile_disc(array[0.5, 0.9, 0.99]) within group (order by t.unblock) as unblock, count(t.unblock) as unblock_pairs
      from distribution.delays(v_list, null) t) d
    on conflict (list) do update set providers = excluded.providers, states = excluded.states, block = excluded.block, block_pairs = excluded.block_pairs, unblock = excluded.unblock, unblock_pairs = excluded.unblock_pairs, measured_at = excluded.measured_at;
    perform distribution.settle_alarms(v_list);
  end loop;
  return v_changed;
end $$;
grant usage on schema distribution to blocklist_worker;
grant execute on function distribution.measure_coverage() to blocklist_worker;

alter table publishing.alarm
  drop constraint alarm_kind_check,
  add constraint alarm_kind_check check (kind in ('held', 'expiry', 'stopped', 'ledger', 'verifier', 'log', 'mail', 'complaint', 'coverage'));

------------------------------------------------------------------------------------------------------------------
-- All that is known of one provider, for the operator's page of it and for the provider's page of itself: the same facts.
create function distribution.facts(p_provider uuid) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'provider', p.name,
    'suspended_at', p.suspended_at,
    'at', clock_timestamp(),
    'certificates', coalesce((select jsonb_agg(jsonb_build_object('sha256', c.sha256, 'not_after', c.not_after, 'days_left', floor(extract(epoch from c.not_after - clock_timestamp()) / 86400)::int, 'revoked_at', c.revoked_at) order by c.not_after desc, c.sha256)
      from (select x.* from providers.certificate x where x.provider_id = p.id order by x.not_after desc, x.sha256 limit 20) c), '[]'),
    'lists', coalesce((select jsonb_agg(jsonb_build_object(
        'list', s.list, 'newest', s.newest, 'newest_at', s.newest_at, 'whole', s.whole, 'freed', s.freed, 'whole_at', a.whole_at, 'states', to_jsonb(s.states),
        'behind', (select count(*) from publishing.version v where v.list = s.list and v.serial > s.whole and s.whole > 0),
        'contact_at', s.contact_at, 'receipt_at', s.receipt_at, 'refused_at', s.refused_at, 'refusal', s.refusal,
        'resolvers', coalesce((select jsonb_agg(jsonb_build_object('node', r.node, 'kind', r.kind, 'seen_at', r.seen_at, 'counts', r.seen_at > clock_timestamp() - interval '7 days', 'version', r.version, 'ours', r.ours, 'whole', r.whole,
            'evidence', r.evidence, 'result', r.result, 'reason', r.reason, 'held_additions', r.held_additions, 'held_removals', r.held_removals, 'waiting', r.waiting, 'left_out', r.left_out, 'own', r.own,
            'tested', r.tested, 'log_differs', r.log_differs, 'agent_version', r.agent_version, 'clock_ahead_seconds', round(extract(epoch from r.agent_clock - r.seen_at))::bigint, 'probes', i.probes) order by r.seen_at desc, r.node)
          from distribution.resolver r left join distribution.receipt i on i.id = r.receipt_id where r.provider_id = p.id and r.list = s.list), '[]'),
        'exceptions', coalesce((select jsonb_agg(jsonb_build_object('line', x.line, 'since', x.since) order by x.line collate "C") from distribution.local_exception x where x.provider_id = p.id and x.list = s.list and x.ended_at is null), '[]'),
        'delays', (select jsonb_build_object('block', to_jsonb(d.block), 'unblock', to_jsonb(d.unblock)) from (
            select array_agg(round(extract(epoch from a.whole_at - v.published_at))::bigint order by v.serial desc) filter (where v.added > 0 and a.whole_at is not null) as block,
              array_agg(round(extract(epoch from a.freed_at - v.published_at))::bigint order by v.serial desc) filter (where v.removed > 0 and a.freed_at is not null) as unblock
            from (select x.* from publishing.version x where x.list = s.list and x.serial > s.first_serial order by x.serial desc limit 10) v
            join distribution.applied a on a.list = v.list and a.serial = v.serial and a.provider_id = p.id) d)
      ) order by s.list)
      from distribution.standing_now s left join distribution.applied a on a.list = s.list and a.serial = s.whole and a.provider_id = s.provider_id where s.provider_id = p.id), '[]'),
    'refusals', coalesce((select jsonb_agg(jsonb_build_object('at', d.at, 'list', d.list, 'path', d.path, 'status', d.status, 'refusal', d.refusal) order by d.id desc)
      from (select x.* from distribution.download x where x.provider_id = p.id and x.refusal is not null order by x.id desc limit 20) d), '[]'),
    'failures', coalesce((select jsonb_agg(jsonb_build_object('at', f.at, 'list', f.list, 'version', f.version, 'reason', f.reason, 'resolver', f.resolver) order by f.id desc)
      from (select x.* from distribution.receipt x where x.provider_id = p.id and x.result = 'failed' order by x.id desc limit 20) f), '[]'))
  from providers.provider p where p.id = p_provider
$$;
-- For the operator's people.
create function distribution.provider_facts(p_provider uuid) returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select distribution.facts(p_provider)
$$;
grant execute on function distribution.provider_facts(uuid) to blocklist_curation;
-- For who holds the certificate: of its own provider and of no other.
create function distribution.own_facts(p_certificate_sha256 text) returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select distribution.facts((select provider_id from providers.certificate where sha256 = p_certificate_sha256))
$$;
grant execute on function distribution.own_facts(text) to blocklist_distribution;

------------------------------------------------------------------------------------------------------------------
-- curation: entries that providers leave out, which agencies look at again. Told by distribution; the agencies' decisions alone count.
create table curation.re_review (
  episode_id uuid primary key references curation.episode,
  list text not null,
  -- How many providers leave it out now.
  providers integer not null,
  opened_at timestamptz not null default clock_timestamp(),
  -- When the newest of them was counted: an assessment after it answers them all.
  newest_at timestamptz not null default clock_timestamp(),
  answered_at timestamptz
);
create index re_review_open on curation.re_review (list, providers desc, episode_id) where answered_at is null and providers > 0;
grant select on curation.re_review to blocklist_curation;

-- An agency that looked at the entry again has answered; nothing else does.
create function curation.answer_re_review() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update curation.re_review r set answered_at = clock_timestamp() from (select distinct episode_id from added where kind in ('assessment', 'withdrawal', 'removal')) d
  where r.episode_id = d.episode_id and r.answered_at is null;
  return null;
end $$;
create trigger decision_answers_re_review after insert on curation.decision referencing new table as added for each statement execute function curation.answer_re_review();

-- Tells the agencies. A provider opens at most 20 re-reviews a day: the rest wait, and bury nobody's queue. Each counts once for an
-- entry, so that who comes and goes asks for nothing again. Returns how many were told.
create function distribution.tell_exceptions() returns integer language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_told integer;
begin
  with due as (
    select x.provider_id, x.list, x.line, x.added_serial, e.episode_id
    from (
      select u.*, row_number() over (partition by u.provider_id order by u.since, u.list, u.line) as turn
      from distribution.local_exception u where u.told_at is null and u.ended_at is null) x
    join publishing.entry e on e.list = x.list and e.line = x.line and e.added_serial = x.added_serial and e.removed_serial is null
    join curation.episode c on c.id = e.episode_id and c.closed_at is null
    where x.turn <= 20 - (select count(*) from distribution.local_exception t where t.provider_id = x.provider_id and t.told_at > clock_timestamp() - interval '24 hours')),
  told as (
    update distribution.local_exception x set told_at = clock_timestamp() from due d
    where x.provider_id = d.provider_id and x.list = d.list and x.line = d.line and x.added_serial = d.added_serial returning d.episode_id, x.list)
  insert into curation.re_review as r (episode_id, list, providers) select episode_id, min(list), 0 from told group by episode_id
  on conflict (episode_id) do update set newest_at = clock_timestamp(), opened_at = case when r.answered_at is null then r.opened_at else clock_timestamp() end, answered_at = null;
  get diagnostics v_told = row_count;
  -- Those that came and went, and how many there are now.
  update curation.re_review r set providers = n.providers
  from (
    select k.episode_id, count(distinct x.provider_id)::int as providers
    from curation.re_review k left join (
      select e.episode_id, u.provider_id from distribution.local_exception u
      join publishing.entry e on e.list = u.list and e.line = u.line and e.added_serial = u.added_serial and e.removed_serial is null
      join providers.provider p on p.id = u.provider_id and p.suspended_at is null
      where u.told_at is not null and u.ended_at is null) x on x.episode_id = k.episode_id
    group by k.episode_id) n
  where r.episode_id = n.episode_id and r.providers <> n.providers;
  return v_told;
end $$;
grant execute on function distribution.tell_exceptions() to blocklist_worker;
