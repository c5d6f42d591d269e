-- names: the register of names that must not be listed. A row comes and goes by a signed statement; the publisher verifies each
-- one itself and goes by its own record, so what is written here protects nothing and frees nothing by itself.
create schema names;

create table names.file (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  content bytea not null,
  stored_at timestamptz not null default clock_timestamp(),
  -- The publisher reads it whole before it knows what it is.
  constraint file_is_short check (octet_length(content) <= 67108864),
  constraint file_is_what_it_says check (encode(sha256(content), 'hex') = sha256)
);
-- A million names are read as a whole or not at all; to compress them would cost more than the room.
alter table names.file alter content set storage external;

create table names.decision (
  -- Given by the trigger, under its lock: the order of the rows is that of their commits.
  position bigint not null unique,
  id uuid primary key,
  action text not null check (action in ('add', 'retire', 'import')),
  source text not null check (source in ('proven', 'critical', 'hand', 'top-sites')),
  name text collate "C",
  proof uuid,
  retires uuid references names.decision,
  file_sha256 text references names.file,
  -- Of the file: how many names it gave, how many lines gave none.
  rows integer,
  left_out integer,
  agency text not null,
  person text not null,
  credential text not null,
  sequence bigint not null check (sequence >= 1),
  previous_sha256 text,
  decided_at timestamptz not null,
  statement bytea not null constraint register_statement_is_short check (octet_length(statement) <= 8192),
  statement_sha256 text not null generated always as (encode(sha256(statement), 'hex')) stored,
  nonce bytea not null check (octet_length(nonce) = 32),
  authenticator_data bytea not null check (octet_length(authenticator_data) <= 4096),
  client_data bytea not null check (octet_length(client_data) <= 4096),
  signature bytea not null check (octet_length(signature) <= 128),
  received_at timestamptz not null default clock_timestamp(),
  constraint register_first_has_no_previous check ((sequence = 1) = (previous_sha256 is null)),
  constraint register_name_of_its_source check ((source = 'top-sites') = (name is null)),
  constraint register_action_has_its_fields check (case action
    when 'add' then source <> 'top-sites' and retires is null and file_sha256 is null and (source = 'proven') = (proof is not null)
    when 'retire' then retires is not null and file_sha256 is null and proof is null
    else source = 'top-sites' and retires is null and file_sha256 is not null and proof is null end),
  constraint register_counts_of_a_file check ((action = 'import') = (rows is not null and left_out is not null)),
  foreign key (credential, person, agency) references access.credential (id, person, agency),
  constraint register_credential_sequence unique (credential, sequence)
);
create unique index register_retired_once on names.decision (retires) where retires is not null;
create index register_of_name on names.decision (name) where name is not null;

-- Reasons stand apart, so that they can be deleted; the statement holds a salted hash.
create table names.reason (
  decision_id uuid primary key references names.decision,
  salt bytea not null check (octet_length(salt) = 32),
  text text not null check (length(text) between 1 and 2000)
);

-- Counts up with each change, in the transaction that makes it: who has read the rows of a number has read all of them.
create table names.revision (
  number bigint not null,
  is_only boolean primary key default true check (is_only)
);
insert into names.revision values (0);

create function names.require_rightful_row() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- Writers take turns here: of two that enter one name, the second sees the first.
  update names.revision set number = number + 1 returning number into new.position;
  perform from access.person where id = new.person for share;
  if not exists (select from access.person p where p.id = new.person
    and ('release-officer' = any (p.roles) or (new.action = 'add' and new.source <> 'proven' and 'curator' = any (p.roles)))) then
    raise exception 'the person does not hold the role for this row' using errcode = 'check_violation', constraint = 'register_person_holds_the_role';
  end if;
  if new.action = 'add' and exists (
    select from names.decision d where d.action = 'add' and d.name = new.name and d.source = new.source
      and not exists (select from names.decision r where r.retires = d.id)) then
    raise exception 'the register has this row' using errcode = 'unique_violation', constraint = 'register_row_is_new';
  end if;
  if new.action = 'retire' and not exists (
    select from names.decision d where d.id = new.retires and d.action <> 'retire' and d.source = new.source and d.name is not distinct from new.name) then
    raise exception 'there is no such row' using errcode = 'foreign_key_violation', constraint = 'register_retires_a_row';
  end if;
  -- What two people need to free, one person did not enter.
  if new.action = 'retire' and exists (select from names.decision d where d.id = new.retires and d.person = new.person) then
    raise exception 'nobody retires their own row' using errcode = 'check_violation', constraint = 'register_retired_by_another';
  end if;
  return new;
end $$;
create trigger register_row_is_rightful before insert on names.decision for each row execute function names.require_rightful_row();
create trigger register_append_only before update or delete or truncate on names.decision for each statement execute function house.refuse_change();
create trigger file_append_only before update or delete or truncate on names.file for each statement execute function house.refuse_change();

-- What is in force: single rows, and of imports the newest.
create view names.row as
  select d.position, d.id, d.source, d.name, d.proof, d.agency, d.person, d.received_at
  from names.decision d where d.action = 'add' and not exists (select from names.decision r where r.retires = d.id);

create view names.site_list as
  select d.position, d.id, d.file_sha256, d.rows, d.left_out, d.agency, d.person, d.received_at
  from names.decision d where d.action = 'import' and not exists (select from names.decision r where r.retires = d.id)
  order by d.position desc limit 1;

grant usage on schema names to blocklist_curation, blocklist_publisher;
grant select on names.file, names.decision, names.reason, names.revision, names.row, names.site_list to blocklist_curation;
grant insert (sha256, content) on names.file to blocklist_curation;
grant insert (id, action, source, name, proof, retires, file_sha256, rows, left_out, agency, person, credential, sequence, previous_sha256, decided_at,
  statement, nonce, authenticator_data, client_data, signature) on names.decision to blocklist_curation;
grant insert, delete on names.reason to blocklist_curation;
grant select on names.file, names.decision to blocklist_publisher;

------------------------------------------------------------------------------------------------------------------
-- curation: decisions about the register's hold on an entry.
alter table curation.decision
  drop constraint decision_kind_check,
  add constraint decision_kind_check check (kind in ('proposal', 'assessment', 'sighting', 'withdrawal', 'removal', 'override', 'enforcement')),
  drop constraint decision_only_votes_supersede,
  add constraint decision_only_votes_supersede check (kind in ('proposal', 'assessment', 'withdrawal') or supersedes is null),
  -- The never-block guard's rule that is overridden or is to hold.
  add rule text,
  add constraint decision_names_its_rule check ((kind in ('override', 'enforcement')) = (rule is not null)),
  add constraint decision_overrides_what_can_be check (kind <> 'override' or rule in ('critical', 'hand', 'top-sites'));
grant insert (rule) on curation.decision to blocklist_curation;

create or replace function curation.require_rightful_decisions() returns trigger language plpgsql as $$
begin
  -- Whoever takes a role away at this moment is waited for.
  perform from access.person where id in (select distinct person from added) for share;
  if exists (
    select from (select distinct person, case when kind in ('removal', 'override', 'enforcement') then 'release-officer' else 'curator' end as role from added) as a
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
    where a.kind in ('removal', 'override', 'enforcement') and d.kind in ('proposal', 'assessment', 'withdrawal')) then
    raise exception 'nobody releases an entry that they voted on' using errcode = 'check_violation', constraint = 'decision_removal_by_another_person';
  end if;
  if exists (
    select from added a join curation.decision d on d.episode_id = a.episode_id and d.person = a.person
    where a.kind in ('proposal', 'assessment') and d.kind = 'override') then
    raise exception 'nobody assesses an entry that they overrode the register for' using errcode = 'check_violation', constraint = 'decision_assessed_by_another_person';
  end if;
  return null;
end $$;

------------------------------------------------------------------------------------------------------------------
-- publishing: the publisher's own record of the register, and what its guard found.
create table publishing.never_block_file (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  content bytea not null,
  stored_at timestamptz not null default clock_timestamp(),
  -- Names that it gives.
  rows integer not null check (rows > 0),
  constraint never_block_file_is_short check (octet_length(content) <= 67108864),
  constraint never_block_file_is_what_it_says check (encode(sha256(content), 'hex') = sha256)
);
alter table publishing.never_block_file alter content set storage external;
create trigger never_block_file_append_only before update or delete or truncate on publishing.never_block_file
  for each statement execute function house.refuse_change();

-- The constraints of the first migration have the names that PostgreSQL gave them.
alter table publishing.ledger
  drop constraint ledger_kind_check,
  add constraint ledger_kind_check check (kind in ('decision', 'first_publication', 'never_block')),
  drop constraint ledger_check,
  add constraint ledger_decision_has_its_fields
    check ((kind in ('decision', 'never_block')) = (decision_id is not null and statement is not null and assertion_id is not null and register_version is not null)),
  alter episode_id drop not null,
  alter list drop not null,
  add constraint ledger_row_of_an_episode check ((kind = 'never_block') = (episode_id is null and list is null)),
  drop constraint ledger_credential_sequence_key,
  add constraint ledger_credential_sequence unique (kind, credential, sequence),
  -- Ids of the two kinds of statement come from two tables: whoever gave one of them the id of the other would else end all publishing.
  drop constraint ledger_decision_id_key,
  add constraint ledger_decision_id unique (kind, decision_id);

-- What the guard says of decided entries, as of the last version that was computed: left out of the list, or on it from before.
create table publishing.guard_finding (
  list text not null,
  episode_id uuid not null,
  rule text not null check (rule in ('public-suffix', 'host-only', 'own', 'proven', 'critical', 'hand', 'top-sites')),
  effect text not null check (effect in ('left-out', 'touched')),
  message text not null,
  found_at timestamptz not null,
  primary key (list, episode_id, rule)
);
create index guard_finding_of_episode on publishing.guard_finding (episode_id);

grant select, insert on publishing.never_block_file to blocklist_publisher;
grant select, insert, update (effect, message), delete on publishing.guard_finding to blocklist_publisher;
grant select on publishing.guard_finding to blocklist_curation;

-- How many published names lie below a name: the labels from the right are a range of this index.
create index entry_reversed on publishing.entry (reverse(ltrim(line, '='))) where removed_serial is null;
