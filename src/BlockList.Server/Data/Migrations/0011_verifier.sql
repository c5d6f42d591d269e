-- verifying: a second login derives each version from the decisions by itself and adds the second signature. The publisher says
-- what it wants signed in a row of its own; the verifier answers in a row of its own. Neither can write the other's.

do $$
begin
  if not exists (select from pg_roles where rolname = 'blocklist_verifier') then
    create role blocklist_verifier login;
  end if;
  execute format('grant connect on database %I to blocklist_verifier', current_database());
end $$;

create table publishing.candidate (
  id uuid primary key,
  list text not null,
  serial integer not null check (serial >= 1),
  -- How the list comes from what is decided: see the verifier's rules of each form.
  form text not null check (form in ('full', 'partial', 'urgent', 'unchanged', 'resigned')),
  targets_version integer not null check (targets_version >= 1),
  -- Of what it was derived from; a mere signing anew derives nothing.
  ledger_position bigint not null check (ledger_position >= 0),
  evaluated_at timestamptz not null,
  register_version integer not null,
  suffixes_sha256 text not null,
  previous_serial integer,
  previous_sha256 text,
  list_sha256 text not null check (list_sha256 ~ '^[0-9a-f]{64}$'),
  -- The step from the version before, or the whole list where there is no step; null where the list stays.
  content bytea,
  -- The canonical bytes of what is to be signed.
  signed bytea not null constraint candidate_is_short check (octet_length(signed) <= 262144),
  created_at timestamptz not null default clock_timestamp(),
  -- From then on the publisher does not wait any more, and an answer would only use up a number.
  expires_at timestamptz not null,
  check ((previous_serial is null) = (previous_sha256 is null)),
  check ((form in ('unchanged', 'resigned')) = (content is null))
);
create index candidate_waiting on publishing.candidate (expires_at);
create index candidate_of_list on publishing.candidate (list, serial, targets_version);
create trigger candidate_append_only before update or delete or truncate on publishing.candidate
  for each statement execute function house.refuse_change();

create schema verifying;

create table verifying.answer (
  candidate_id uuid primary key references publishing.candidate,
  list text not null,
  serial integer not null,
  targets_version integer not null,
  outcome text not null check (outcome in ('signed', 'overtaken', 'refused')),
  reason text,
  list_sha256 text,
  signed_sha256 text,
  key_id text,
  signature bytea,
  -- By a secret that only the verifier has: a row that somebody else wrote into its schema is found.
  code bytea,
  answered_at timestamptz not null default clock_timestamp(),
  check ((outcome = 'signed') = (reason is null)),
  check ((outcome = 'signed') = (list_sha256 is not null and signed_sha256 is not null and key_id is not null and signature is not null and code is not null))
);
-- Two documents of one number never bear the second signature, however many verifiers run.
create unique index answer_signs_a_number_once on verifying.answer (list, targets_version) where outcome = 'signed';
create index answer_of_serial on verifying.answer (list, serial) where outcome = 'signed';

-- One list for each serial, the first that was signed.
create table verifying.serial (
  list text not null,
  serial integer not null,
  list_sha256 text not null,
  ledger_position bigint not null,
  code bytea not null,
  primary key (list, serial)
);

-- How far the ledger was verified, and a hash over all its rows to there: a history that was written anew does not fit.
create table verifying.mark (
  position bigint primary key,
  rows_sha256 bytea not null,
  code bytea not null,
  verified_at timestamptz not null default clock_timestamp()
);

create trigger answer_append_only before update or delete or truncate on verifying.answer
  for each statement execute function house.refuse_change();
create trigger serial_append_only before update or delete or truncate on verifying.serial
  for each statement execute function house.refuse_change();
create trigger mark_append_only before update or delete or truncate on verifying.mark
  for each statement execute function house.refuse_change();

grant select, insert on publishing.candidate to blocklist_publisher;
grant usage on schema verifying to blocklist_verifier, blocklist_publisher;
grant select on verifying.answer to blocklist_publisher;
grant select, insert on verifying.answer, verifying.serial, verifying.mark to blocklist_verifier;

-- It reads the decisions themselves beside the publisher's record of them.
grant usage on schema curation, names, publishing to blocklist_verifier;
grant select on curation.decision, curation.assertion, names.decision, names.file to blocklist_verifier;
grant select on publishing.candidate, publishing.register, publishing.ledger, publishing.ledger_assertion, publishing.never_block_file to blocklist_verifier;
grant select (list, path, sha256, content) on publishing.file to blocklist_verifier;

grant usage on schema oversight to blocklist_verifier;
grant execute on function oversight.append_audit(text, text, text, jsonb) to blocklist_verifier;
