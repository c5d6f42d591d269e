-- After a restore from a backup: the numbers that a list goes on above. Publisher and verifier each write down their own, when a
-- person says so; neither can write the other's.

create table publishing.resume (
  id uuid primary key,
  list text not null,
  -- The highest that may have been signed: all that follows is above.
  serial integer not null check (serial >= 0),
  targets_version integer not null check (targets_version >= 0),
  snapshot_version integer not null check (snapshot_version >= 0),
  timestamp_version integer not null check (timestamp_version >= 0),
  -- Of the log with the leaves that came back.
  log_size bigint not null check (log_size >= 0),
  -- Who ran it, as the machine knows them.
  resumed_by text not null check (length(resumed_by) between 1 and 200),
  resumed_at timestamptz not null default clock_timestamp()
);
create index resume_of_list on publishing.resume (list, resumed_at);
create trigger resume_append_only before update or delete or truncate on publishing.resume
  for each statement execute function house.refuse_change();

create table verifying.resume (
  id uuid primary key,
  list text not null,
  serial integer not null check (serial >= 1),
  targets_version integer not null check (targets_version >= 1),
  -- By the secret that only the verifier has, like its other rows.
  code bytea not null,
  resumed_at timestamptz not null default clock_timestamp()
);
create trigger resume_append_only before update or delete or truncate on verifying.resume
  for each statement execute function house.refuse_change();

grant select, insert on publishing.resume to blocklist_publisher;
grant select, insert on verifying.resume to blocklist_verifier;
