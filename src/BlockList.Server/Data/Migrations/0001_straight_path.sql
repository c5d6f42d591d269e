-- One schema for each module; a module writes only its own. Every login gets what its role needs and nothing else:
-- the grants at the end of each section are the enforcement, GrantTests their proof.
-- Names are compared byte by byte (collation "C") everywhere, as the published files are sorted.

do $$
declare login text;
begin
  -- Logins belong to the cluster, not to the database; their passwords are the operator's to set.
  foreach login in array array['blocklist_curation', 'blocklist_publisher', 'blocklist_distribution', 'blocklist_worker'] loop
    if not exists (select from pg_roles where rolname = login) then
      execute format('create role %I login', login);
    end if;
  end loop;
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to blocklist_curation, blocklist_publisher, blocklist_distribution, blocklist_worker', current_database());
end $$;

revoke all on schema public from public;
-- PostgreSQL lets everyone execute a new function; here each one says who may. Triggers fire without asking.
alter default privileges revoke execute on functions from public;

-- A row that was written stays as it was written, whoever asks.
create schema house;
create function house.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only: a later row supersedes an earlier one', tg_table_schema, tg_table_name
    using errcode = 'restrict_violation';
end $$;

------------------------------------------------------------------------------------------------------------------
-- access: agencies, people and credentials, for display. What counts stands in the signed register.
create schema access;

create table access.agency (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
  name text not null,
  country text not null check (country ~ '^[A-Z]{2}$')
);

create table access.person (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9.-]{0,63}$'),
  agency text not null references access.agency,
  name text not null,
  unique (id, agency)
);

create table access.credential (
  id text primary key check (id ~ '^[0-9a-f]{64}$'),
  person text not null,
  agency text not null,
  public_key bytea not null,
  roles text[] not null,
  foreign key (person, agency) references access.person (id, agency),
  unique (id, person, agency)
);

grant usage on schema access to blocklist_curation;
grant select, insert on access.agency, access.person, access.credential to blocklist_curation;
grant update (name, country) on access.agency to blocklist_curation;
grant update (roles) on access.credential to blocklist_curation;

------------------------------------------------------------------------------------------------------------------
-- oversight: the audit log. Nobody inserts into it directly, so nobody can sign with another login's name.
create schema oversight;

create table oversight.seal (
  id bigint generated always as identity primary key,
  rows integer not null check (rows > 0),
  previous_sha256 bytea not null,
  sha256 bytea not null,
  sealed_at timestamptz not null
);

create table oversight.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  login text not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null,
  row_sha256 bytea not null,
  seal_id bigint references oversight.seal
);
create index audit_unsealed on oversight.audit (id) where seal_id is null;
create index audit_of_seal on oversight.audit (seal_id, id);
create index audit_subject on oversight.audit (subject, id);

create function oversight.audit_row_sha256(id bigint, at timestamptz, login text, actor text, action text, subject text, detail jsonb)
  returns bytea language sql immutable
  set timezone = 'UTC'
  return sha256(convert_to(jsonb_build_array(id, extract(epoch from at), login, actor, action, subject, detail)::text, 'UTF8'));

create function oversight.seal_sha256(previous_sha256 bytea, sealed_at timestamptz, row_hashes bytea)
  returns bytea language sql immutable
  return sha256(previous_sha256 || convert_to(extract(epoch from sealed_at)::text, 'UTF8') || row_hashes);

create function oversight.append_audit(p_actor text, p_action text, p_subject text, p_detail jsonb default '{}')
  returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_id bigint := nextval(pg_get_serial_sequence('oversight.audit', 'id'));
  v_at timestamptz := clock_timestamp();
begin
  insert into oversight.audit (id, at, login, actor, action, subject, detail, row_sha256) overriding system value
  values (v_id, v_at, session_user, p_actor, p_action, p_subject, p_detail,
    oversight.audit_row_sha256(v_id, v_at, session_user, p_actor, p_action, p_subject, p_detail));
  return v_id;
end $$;

-- Chains what has been committed since the last seal. A row whose transaction is still open joins the next seal, so
-- ids within the chain need not ascend across seals; within one they do.
create function oversight.seal_audit() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_previous bytea;
  v_rows integer;
  v_hashes bytea;
  v_ids bigint[];
  v_seal bigint;
  v_at timestamptz := clock_timestamp();
begin
  -- One sealer at a time. Not an advisory lock: any login could take that, and nothing would be sealed any more.
  lock table oversight.seal in share row exclusive mode;
  select count(*), string_agg(row_sha256, ''::bytea order by id), array_agg(id)
    into v_rows, v_hashes, v_ids from oversight.audit where seal_id is null;
  if v_rows = 0 then return 0; end if;
  select sha256 into v_previous from oversight.seal order by id desc limit 1;
  v_previous := coalesce(v_previous, sha256(''::bytea));
  insert into oversight.seal (rows, previous_sha256, sha256, sealed_at)
  values (v_rows, v_previous, oversight.seal_sha256(v_previous, v_at, v_hashes), v_at) returning id into v_seal;
  update oversight.audit set seal_id = v_seal where id = any (v_ids);
  return v_rows;
end $$;

-- The first seal that does not hold, or no row: recomputed from the rows themselves.
create function oversight.find_broken_seal() returns table (seal_id bigint, reason text)
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  with chain as (
    select s.id, s.rows, s.previous_sha256, s.sha256, s.sealed_at,
      lag(s.sha256, 1, sha256(''::bytea)) over (order by s.id) as expected_previous,
      a.rows as found_rows, a.hashes, a.intact
    from oversight.seal s
    left join lateral (
      select count(*) as rows, string_agg(row_sha256, ''::bytea order by id) as hashes,
        bool_and(row_sha256 = oversight.audit_row_sha256(id, at, login, actor, action, subject, detail)) as intact
      from oversight.audit where audit.seal_id = s.id) a on true)
  select id, case
      when previous_sha256 <> expected_previous then 'it does not follow the seal before it: one of them was changed, or one was removed'
      when rows <> found_rows then 'rows were added or removed'
      when not intact then 'a row was changed'
      else 'the seal was changed' end
  from chain
  where previous_sha256 <> expected_previous or rows is distinct from found_rows or intact is not true
    or sha256 <> oversight.seal_sha256(previous_sha256, sealed_at, hashes)
  union all
  select audit.seal_id, 'the seal was removed, its rows are still here'
  from oversight.audit where audit.seal_id is not null and not exists (select from oversight.seal where seal.id = audit.seal_id)
  order by 1 limit 1
$$;

grant usage on schema oversight to blocklist_curation, blocklist_publisher, blocklist_worker;
grant execute on function oversight.append_audit(text, text, text, jsonb) to blocklist_curation, blocklist_publisher, blocklist_worker;
grant execute on function oversight.seal_audit(), oversight.find_broken_seal() to blocklist_worker;

------------------------------------------------------------------------------------------------------------------
-- criteria: lists and criteria texts, for display. What counts stands in the signed register.
create schema criteria;

create table criteria.list (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,15}$'),
  agencies_needed integer check (agencies_needed >= 1),
  countries_needed integer check (countries_needed >= 1),
  lease_months integer check (lease_months >= 1),
  test_domain text collate "C",
  check ((test_domain is null) = (agencies_needed is not null and countries_needed is not null and lease_months is not null))
);

create table criteria.version (
  list text not null references criteria.list,
  version integer not null check (version >= 1),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  decided_by_curator text[] not null,
  text text not null,
  primary key (list, version),
  unique (list, sha256)
);

grant usage on schema criteria to blocklist_curation;
grant select, insert on criteria.list, criteria.version to blocklist_curation;
grant update (agencies_needed, countries_needed, lease_months, test_domain) on criteria.list to blocklist_curation;

------------------------------------------------------------------------------------------------------------------
-- curation: signed decisions, and the drafts they come from.
create schema curation;

create table curation.assertion (
  id uuid primary key,
  credential text not null references access.credential,
  form text not null check (form in ('decision', 'batch')),
  statements integer not null constraint assertion_signs_one_or_batch check (statements >= 1 and (form = 'batch' or statements = 1)),
  nonce bytea not null check (octet_length(nonce) = 32),
  -- The publisher reads these whole before it knows who signed.
  authenticator_data bytea not null check (octet_length(authenticator_data) <= 4096),
  client_data bytea not null check (octet_length(client_data) <= 4096),
  signature bytea not null check (octet_length(signature) <= 128),
  received_at timestamptz not null default clock_timestamp()
);

create table curation.episode (
  id uuid primary key,
  list text not null references criteria.list,
  name text collate "C" not null,
  scope text not null check (scope in ('domain', 'host')),
  opened_at timestamptz not null default clock_timestamp(),
  closed_at timestamptz,
  unique (id, list, name, scope)
);
-- One stretch of life at a time.
create unique index episode_open on curation.episode (list, name, scope) where closed_at is null;

create table curation.decision (
  position bigint generated always as identity unique,
  id uuid primary key,
  kind text not null check (kind in ('proposal', 'assessment', 'sighting', 'withdrawal', 'removal')),
  list text not null,
  name text collate "C" not null,
  scope text not null,
  episode_id uuid not null,
  agency text not null,
  person text not null,
  credential text not null,
  sequence bigint not null check (sequence >= 1),
  previous_sha256 text,
  supersedes uuid,
  met boolean,
  sighted_at timestamptz,
  decided_at timestamptz not null,
  statement bytea not null constraint decision_statement_is_short check (octet_length(statement) <= 8192),
  statement_sha256 text not null generated always as (encode(sha256(statement), 'hex')) stored,
  assertion_id uuid not null references curation.assertion,
  leaf integer not null check (leaf >= 0),
  received_at timestamptz not null default clock_timestamp(),
  constraint decision_first_has_no_previous check ((sequence = 1) = (previous_sha256 is null)),
  constraint decision_proposal_opens_its_episode check ((kind = 'proposal') = (id = episode_id)),
  constraint decision_assessment_has_verdict check ((kind in ('proposal', 'assessment')) = (met is not null)),
  constraint decision_proposal_supersedes_nothing check (kind <> 'proposal' or supersedes is null),
  constraint decision_withdrawal_supersedes_a_vote check (kind <> 'withdrawal' or supersedes is not null),
  constraint decision_only_votes_supersede check (kind not in ('sighting', 'removal') or supersedes is null),
  constraint decision_rests_on_a_sighting check (kind not in ('proposal', 'sighting') or sighted_at is not null),
  -- Nobody has seen what is yet to come.
  constraint decision_sighting_is_not_to_come check (sighted_at <= received_at),
  -- A decision belongs to the name and scope of its episode, and its person to their agency.
  foreign key (episode_id, list, name, scope) references curation.episode (id, list, name, scope),
  foreign key (credential, person, agency) references access.credential (id, person, agency),
  unique (credential, sequence),
  unique (assertion_id, leaf),
  unique (id, episode_id, agency),
  -- An agency replaces its own vote in the same episode and no other.
  foreign key (supersedes, episode_id, agency) references curation.decision (id, episode_id, agency)
);
-- One chain of votes for each agency and episode: no second root, no fork.
create unique index decision_vote_chain on curation.decision (episode_id, agency, supersedes) nulls not distinct
  where kind in ('proposal', 'assessment', 'withdrawal');
create index decision_of_episode on curation.decision (episode_id, position);

create function curation.require_earlier_vote() returns trigger language plpgsql as $$
begin
  if new.supersedes is not null and not exists (
    select from curation.decision where id = new.supersedes and kind in ('proposal', 'assessment', 'withdrawal')) then
    raise exception 'a vote supersedes an earlier vote' using errcode = 'foreign_key_violation',
      constraint = 'decision_supersedes_an_earlier_vote';
  end if;
  return new;
end $$;
create trigger decision_supersedes_earlier before insert on curation.decision
  for each row execute function curation.require_earlier_vote();

-- Free text and reference numbers stand apart, so that they can be deleted; the statement holds salted hashes of them.
create table curation.annotation (
  decision_id uuid primary key references curation.decision,
  salt bytea not null check (octet_length(salt) = 32),
  reference_type text,
  reference_number text,
  note text,
  check ((reference_type is null) = (reference_number is null)),
  check (reference_number is not null or note is not null)
);

create table curation.import (
  id uuid primary key,
  list text not null references criteria.list,
  person text not null,
  agency text not null,
  file_name text not null,
  file_sha256 text not null,
  rows integer not null,
  staged_at timestamptz not null default clock_timestamp(),
  submitted_at timestamptz,
  foreign key (person, agency) references access.person (id, agency)
);

create table curation.draft (
  import_id uuid not null references curation.import,
  line integer not null,
  name text collate "C" not null,
  scope text not null check (scope in ('domain', 'host')),
  -- A name that another agency proposed already becomes a task to review it, never a vote.
  is_review boolean not null,
  sighted_at timestamptz not null,
  c1 text not null check (c1 in ('met', 'not_met', 'unknown')),
  c2 text not null check (c2 in ('met', 'not_met', 'unknown')),
  c3 text not null check (c3 in ('met', 'not_met', 'unknown')),
  reference_type text,
  reference_number text,
  note text,
  primary key (import_id, line),
  unique (import_id, name, scope)
);

create trigger assertion_append_only before update or delete or truncate on curation.assertion
  for each statement execute function house.refuse_change();
create trigger decision_append_only before update or delete or truncate on curation.decision
  for each statement execute function house.refuse_change();

grant usage on schema curation to blocklist_curation, blocklist_publisher;
grant select on curation.assertion, curation.episode, curation.decision, curation.annotation, curation.import, curation.draft to blocklist_curation;
grant insert (id, credential, form, statements, nonce, authenticator_data, client_data, signature) on curation.assertion to blocklist_curation;
grant insert (id, list, name, scope), update (closed_at) on curation.episode to blocklist_curation;
grant insert (id, kind, list, name, scope, episode_id, agency, person, credential, sequence, previous_sha256, supersedes,
  met, sighted_at, decided_at, statement, assertion_id, leaf) on curation.decision to blocklist_curation;
grant insert, delete on curation.annotation to blocklist_curation;
grant insert (id, list, person, agency, file_name, file_sha256, rows), update (submitted_at) on curation.import to blocklist_curation;
grant insert, delete on curation.draft to blocklist_curation;
grant select on curation.assertion, curation.decision to blocklist_publisher;

------------------------------------------------------------------------------------------------------------------
-- publishing: the publisher's own record of what it verified, and what it published.
create schema publishing;

create table publishing.register (
  version integer primary key check (version >= 1),
  sha256 text not null,
  document bytea not null,
  taken_at timestamptz not null default clock_timestamp()
);

-- Positions are given by the publisher, one after the other; the chain hash covers every row before.
create table publishing.ledger (
  position bigint primary key check (position >= 1),
  kind text not null check (kind in ('decision', 'first_publication')),
  outcome text not null check (outcome in ('accepted', 'refused')),
  reason text,
  decision_id uuid,
  credential text,
  sequence bigint,
  episode_id uuid not null,
  list text not null,
  statement bytea,
  statement_sha256 text,
  assertion_id uuid,
  leaf integer,
  serial integer,
  register_version integer references publishing.register,
  received_at timestamptz not null,
  chain_sha256 bytea not null,
  check ((kind = 'decision') = (decision_id is not null and statement is not null and assertion_id is not null and register_version is not null)),
  check ((kind = 'first_publication') = (serial is not null)),
  check ((outcome = 'refused') = (reason is not null)),
  unique (decision_id),
  unique (credential, sequence)
);
create index ledger_of_list on publishing.ledger (list, position);
create unique index ledger_first_publication on publishing.ledger (episode_id) where kind = 'first_publication';

create table publishing.ledger_assertion (
  id uuid primary key,
  form text not null,
  statements integer not null,
  nonce bytea not null,
  authenticator_data bytea not null,
  client_data bytea not null,
  signature bytea not null
);

create table publishing.schedule (
  id uuid primary key,
  list text not null,
  days integer[] not null check (cardinality(days) between 1 and 7 and days <@ array[1, 2, 3, 4, 5, 6, 7]),
  at time not null,
  zone text not null default 'UTC',
  active_from timestamptz not null default clock_timestamp()
);

create table publishing.version (
  list text not null,
  serial integer not null check (serial >= 1),
  ledger_position bigint not null,
  evaluated_at timestamptz not null,
  published_at timestamptz not null,
  register_version integer not null references publishing.register,
  suffixes_sha256 text not null,
  parameters jsonb not null,
  list_sha256 text not null,
  previous_sha256 text,
  count integer not null,
  added integer not null,
  removed integer not null,
  salt text not null,
  primary key (list, serial)
);

-- What is served: immutable files, and one row for each list that is replaced as a whole by every signing.
create table publishing.file (
  list text not null,
  path text collate "C" not null,
  sha256 text not null,
  content bytea not null,
  brotli bytea,
  gzip bytea,
  created_at timestamptz not null default clock_timestamp(),
  primary key (list, path)
);

create table publishing.head (
  list text primary key,
  serial integer not null,
  root_version integer not null,
  targets_version integer not null,
  snapshot_version integer not null,
  timestamp_version integer not null,
  timestamp_content bytea not null,
  timestamp_brotli bytea not null,
  timestamp_gzip bytea not null,
  targets_signed_at timestamptz not null,
  snapshot_signed_at timestamptz not null,
  timestamp_signed_at timestamptz not null
);

create table publishing.slot (
  list text not null,
  slot_at timestamptz not null,
  outcome text not null check (outcome in ('published', 'unchanged')),
  serial integer,
  done_at timestamptz not null default clock_timestamp(),
  primary key (list, slot_at)
);

-- Every entry's stretches in the list: what changed between any two versions without reading files.
create table publishing.entry (
  list text not null,
  line text collate "C" not null,
  added_serial integer not null,
  removed_serial integer,
  primary key (list, line, added_serial),
  check (removed_serial > added_serial)
);
create index entry_current on publishing.entry (list, line) where removed_serial is null;

create view publishing.published_entry as
  select list, ltrim(line, '=') as name, case when line like '=%' then 'host' else 'domain' end as scope, added_serial
  from publishing.entry where removed_serial is null;

create trigger register_append_only before update or delete or truncate on publishing.register
  for each statement execute function house.refuse_change();
create trigger ledger_append_only before update or delete or truncate on publishing.ledger
  for each statement execute function house.refuse_change();
create trigger ledger_assertion_append_only before update or delete or truncate on publishing.ledger_assertion
  for each statement execute function house.refuse_change();
create trigger version_append_only before update or delete or truncate on publishing.version
  for each statement execute function house.refuse_change();
create trigger file_append_only before update or delete or truncate on publishing.file
  for each statement execute function house.refuse_change();

-- One writer of the ledger at a time, until its transaction ends. An advisory lock could be taken by any login.
create function publishing.lock_ledger() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  lock table publishing.ledger in share row exclusive mode;
end $$;

grant usage on schema publishing to blocklist_publisher, blocklist_curation, blocklist_distribution;
grant execute on function publishing.lock_ledger() to blocklist_publisher;
grant select, insert on publishing.register, publishing.ledger, publishing.ledger_assertion, publishing.version, publishing.file, publishing.slot to blocklist_publisher;
grant select, insert, update on publishing.head to blocklist_publisher;
grant select, insert, update (removed_serial) on publishing.entry to blocklist_publisher;
grant select on publishing.schedule to blocklist_publisher;
grant select, insert, update, delete on publishing.schedule to blocklist_curation;
grant select on publishing.published_entry, publishing.version, publishing.slot to blocklist_curation;
grant select on publishing.file, publishing.head to blocklist_distribution;

------------------------------------------------------------------------------------------------------------------
-- providers: who may download, by which certificate.
create schema providers;

create table providers.provider (
  id uuid primary key,
  name text not null unique,
  contact text not null,
  created_at timestamptz not null default clock_timestamp(),
  suspended_at timestamptz
);

create table providers.provider_list (
  provider_id uuid not null references providers.provider,
  list text not null references criteria.list,
  primary key (provider_id, list)
);

create table providers.certificate (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  provider_id uuid not null references providers.provider,
  not_before timestamptz not null,
  not_after timestamptz not null check (not_after > not_before),
  enrolled_at timestamptz not null default clock_timestamp(),
  -- Revoking a certificate revokes what was renewed from it.
  renewed_from text references providers.certificate,
  revoked_at timestamptz
);
create index certificate_of_provider on providers.certificate (provider_id);

grant usage on schema providers to blocklist_curation, blocklist_distribution;
grant select, insert, update (name, contact, suspended_at) on providers.provider to blocklist_curation;
grant select, insert, update (revoked_at) on providers.certificate to blocklist_curation;
grant select, insert, delete on providers.provider_list to blocklist_curation;
-- Whom to call at a provider is no affair of the role that faces them all.
grant select (id, name, suspended_at) on providers.provider to blocklist_distribution;
grant select on providers.provider_list, providers.certificate to blocklist_distribution;

------------------------------------------------------------------------------------------------------------------
-- distribution: what was downloaded, and what providers say is in force.
create schema distribution;

create table distribution.download (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  certificate_sha256 text not null,
  provider_id uuid,
  list text,
  path text not null,
  status integer not null,
  refusal text,
  bytes bigint not null
);
create index download_of_provider on distribution.download (provider_id, id);

create table distribution.receipt (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  provider_id uuid not null references providers.provider,
  certificate_sha256 text not null,
  list text not null,
  version integer not null check (version >= 1),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  resolver text not null,
  evidence text not null check (evidence in ('dump', 'serial', 'probe')),
  probes jsonb not null,
  left_out integer not null check (left_out >= 0),
  agent_version text not null,
  agent_clock timestamptz not null
);
create index receipt_of_provider on distribution.receipt (provider_id, list, id);

create trigger download_append_only before update or delete or truncate on distribution.download
  for each statement execute function house.refuse_change();
create trigger receipt_append_only before update or delete or truncate on distribution.receipt
  for each statement execute function house.refuse_change();

grant usage on schema distribution to blocklist_distribution, blocklist_curation;
grant insert (certificate_sha256, provider_id, list, path, status, refusal, bytes) on distribution.download to blocklist_distribution;
grant insert (provider_id, certificate_sha256, list, version, sha256, resolver, evidence, probes, left_out, agent_version, agent_clock)
  on distribution.receipt to blocklist_distribution;
grant select on distribution.download, distribution.receipt to blocklist_curation;

------------------------------------------------------------------------------------------------------------------
-- Schedulers: the migration creates Quartz's own tables in them, one schema for each login.
create schema quartz_publisher;
create schema quartz_worker;
grant usage on schema quartz_publisher to blocklist_publisher;
grant usage on schema quartz_worker to blocklist_worker;
alter default privileges in schema quartz_publisher grant select, insert, update, delete on tables to blocklist_publisher;
alter default privileges in schema quartz_worker grant select, insert, update, delete on tables to blocklist_worker;
