-- publishing: the transparency log of each list (RFC 6962). One leaf for each signing of targets, written by the transaction that
-- exposes it; complete subtrees, so that a leaf costs as many rows as it completes.

create table publishing.log_leaf (
  list text not null,
  -- From 0. The log that ends with this leaf has one more.
  position bigint not null check (position >= 0),
  targets_version integer not null check (targets_version >= 1),
  leaf text not null check (octet_length(leaf) between 1 and 65535),
  root_sha256 text not null check (root_sha256 ~ '^[0-9a-f]{64}$'),
  -- The signed note over the log that ends with this leaf.
  checkpoint text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (list, position),
  constraint log_leaf_of_each_signing unique (list, targets_version)
);
create table publishing.log_node (
  list text not null,
  level smallint not null check (level between 0 and 62),
  index bigint not null check (index >= 0),
  hash bytea not null check (octet_length(hash) = 32),
  primary key (list, level, index)
);

create trigger log_leaf_append_only before update or delete or truncate on publishing.log_leaf
  for each statement execute function house.refuse_change();
create trigger log_node_append_only before update or delete or truncate on publishing.log_node
  for each statement execute function house.refuse_change();

create function publishing.require_next_leaf() returns trigger language plpgsql as $$
begin
  if new.position <> coalesce((select max(position) + 1 from publishing.log_leaf where list = new.list), 0) then
    raise exception 'a log has no gap' using errcode = 'check_violation', constraint = 'log_leaf_follows_the_last';
  end if;
  return new;
end $$;
create trigger log_leaf_follows_the_last before insert on publishing.log_leaf for each row execute function publishing.require_next_leaf();

-- Where there is a log, nothing is offered that it does not show; looked at when the transaction ends, since it writes both.
create function publishing.require_logged_targets() returns trigger language plpgsql as $$
begin
  if exists (select from publishing.log_leaf where list = new.list)
    and not exists (select from publishing.log_leaf where list = new.list and targets_version = new.targets_version) then
    raise exception 'these targets are no leaf of the log' using errcode = 'check_violation', constraint = 'head_offers_what_is_logged';
  end if;
  return null;
end $$;
create constraint trigger head_offers_what_is_logged after insert or update on publishing.head
  deferrable initially deferred for each row execute function publishing.require_logged_targets();

grant select, insert on publishing.log_leaf, publishing.log_node to blocklist_publisher;
grant select on publishing.log_leaf, publishing.log_node to blocklist_distribution;
grant select on publishing.log_leaf to blocklist_curation;

-- distribution: what a provider's agent saw of the log. Kept with what we found when it came: whether ours was the same at that size.
alter table distribution.receipt
  add log_size bigint check (log_size >= 1),
  add log_root text check (log_root ~ '^[0-9a-f]{64}$'),
  add log_differs boolean,
  add constraint receipt_log_is_whole check ((log_size is null) = (log_root is null) and (log_size is null) = (log_differs is null));
create index receipt_that_differs on distribution.receipt (id desc) where log_differs;
grant insert (log_size, log_root, log_differs) on distribution.receipt to blocklist_distribution;
