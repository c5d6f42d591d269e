-- curation: imports as people see them: what became of a file, what was wrong with it, and who did what with its rows.

alter table curation.import
  add state text not null default 'staged'
    check (state in ('checking', 'refused', 'failed', 'staged', 'committing', 'committed', 'reverting', 'reverted', 'discarded')),
  add skip_known boolean not null default false,
  -- Which criteria its verdicts are about.
  add criteria_sha256 text,
  add proposals integer not null default 0,
  add reviews integer not null default 0,
  add skipped integer not null default 0,
  add errors integer not null default 0,
  add warnings integer not null default 0,
  -- What a process is doing with it, and when that process last said so: one that died says nothing any more.
  add step text,
  add looked integer not null default 0,
  add of_rows integer not null default 0,
  add heartbeat_at timestamptz,
  -- How the last step ended, where it did not end well.
  add problem text,
  add submitted_by text references access.person,
  add reverted_by text references access.person,
  add reverted_at timestamptz,
  add reverted integer not null default 0,
  add kept integer not null default 0;

update curation.import i set
  state = case when submitted_at is null then 'staged' else 'committed' end,
  submitted_by = case when submitted_at is not null then person end,
  proposals = (select count(*) from curation.draft d where d.import_id = i.id and not d.is_review),
  reviews = (select count(*) from curation.draft d where d.import_id = i.id and d.is_review);

alter table curation.import
  add constraint import_is_submitted check ((submitted_at is not null) = (state in ('committed', 'reverting', 'reverted'))),
  add constraint import_is_at_work check ((heartbeat_at is not null) = (state in ('checking', 'committing', 'reverting')));

-- Whoever submits it says with which signature; the rest follows.
create function curation.import_is_submitted() returns trigger language plpgsql as $$
begin
  if old.state not in ('staged', 'committing') then
    raise exception 'only a staged import can be submitted' using errcode = 'check_violation', constraint = 'import_can_be_submitted';
  end if;
  new.state := 'committed';
  new.heartbeat_at := null;
  new.step := null;
  new.problem := null;
  select c.person into new.submitted_by from curation.assertion a join access.credential c on c.id = a.credential where a.id = new.assertion_id;
  return new;
end $$;
create trigger import_submitted before update of submitted_at on curation.import
  for each row when (old.submitted_at is null and new.submitted_at is not null) execute function curation.import_is_submitted();

create index import_at_work on curation.import (heartbeat_at) where heartbeat_at is not null;

-- What is said of single lines: what is wrong, what to look at, what was left aside, what a revert left as it is.
create table curation.import_finding (
  import_id uuid not null references curation.import,
  kind text not null check (kind in ('error', 'warning', 'skipped', 'kept')),
  number integer not null,
  -- Line of the file, the header being 1; 0 where it is not known.
  line integer not null,
  column_name text not null,
  value text not null,
  reason text not null,
  fix text not null,
  primary key (import_id, kind, number)
);

-- What was said of lines is needed while a file is mended, and what nobody signs becomes old: its sightings do. The row of
-- the import, with its counts and the hash of its file, stays.
create function curation.purge_imports() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_purged integer;
begin
  with old as (
    update curation.import set state = 'discarded', problem = 'Nobody signed it within 90 days, so its rows were deleted.'
    where state in ('staged', 'refused', 'failed') and staged_at < clock_timestamp() - interval '90 days' returning id)
  delete from curation.draft d using old where d.import_id = old.id;
  delete from curation.import_finding f using curation.import i where i.id = f.import_id and i.staged_at < clock_timestamp() - interval '30 days';
  get diagnostics v_purged = row_count;
  return v_purged;
end $$;

grant insert (state, skip_known, heartbeat_at),
  update (rows, state, criteria_sha256, proposals, reviews, skipped, errors, warnings, step, looked, of_rows, heartbeat_at, problem, reverted_by, reverted_at, reverted, kept)
  on curation.import to blocklist_curation;
grant select, insert, delete on curation.import_finding to blocklist_curation;
grant execute on function curation.purge_imports() to blocklist_worker;
