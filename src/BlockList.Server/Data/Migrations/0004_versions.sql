-- criteria: lists that one country keeps for itself, and lists whose criteria are not those of another.

alter table criteria.list
  add country text check (country ~ '^[A-Z]{2}$'),
  add constraint list_of_one_country check (country is null or (test_domain is null and countries_needed = 1));
grant update (country) on criteria.list to blocklist_curation;

-- A list has the criteria it has; what a draft says of them has no columns of its own.
alter table curation.draft add verdicts jsonb;
update curation.draft set verdicts = jsonb_build_object('c1', c1, 'c2', c2, 'c3', c3);
alter table curation.draft
  alter verdicts set not null,
  add constraint draft_verdicts check (jsonb_typeof(verdicts) = 'object'),
  drop c1, drop c2, drop c3;

-- Once for each statement: a batch of 100,000 is one.
create function curation.require_agency_of_the_country() returns trigger language plpgsql as $$
begin
  if exists (
    select from (select distinct list, agency from added) as a join criteria.list l on l.id = a.list
    where l.country is not null and not exists (select from access.agency where agency.id = a.agency and agency.country = l.country)) then
    raise exception 'only agencies of its own country decide on a national list' using errcode = 'check_violation', constraint = 'decision_agency_of_the_country';
  end if;
  return null;
end $$;
create trigger decision_agency_of_the_country after insert on curation.decision
  referencing new table as added for each statement execute function curation.require_agency_of_the_country();

------------------------------------------------------------------------------------------------------------------
-- publishing: why an entry is in a version and why it left, as the publisher knew it when it computed the version.
alter table publishing.entry
  -- Order of addition; says nothing of the name, so that it can stand in an address.
  add id bigint generated always as identity,
  -- The episode that put it on the list, and the one that it stood on when it left: a lease that ran out between two
  -- versions can be followed by a new episode without the entry ever leaving. Null for test names.
  add episode_id uuid,
  add removed_episode_id uuid,
  add removed_because text check (removed_because in ('lapsed', 'removed', 'declined', 'suspended', 'disputed', 'withdrawn', 'too-few', 'guarded')),
  add constraint entry_removal_has_its_version check (removed_serial is not null or (removed_episode_id is null and removed_because is null));

-- What the publisher wrote before it wrote down episodes: its first publications say it for those that were new then.
update publishing.entry e set episode_id = l.episode_id
from publishing.ledger l join curation.episode c on c.id = l.episode_id
where l.kind = 'first_publication' and l.list = e.list and l.serial = e.added_serial and e.line = case c.scope when 'host' then '=' || c.name else c.name end;

-- What changed between two versions is a range of these, newest first.
create index entry_added on publishing.entry (list, added_serial desc, id);
create index entry_removed on publishing.entry (list, removed_serial desc, id) where removed_serial is not null;

create view publishing.stretch as
  select list, id, line, added_serial, removed_serial, episode_id, removed_episode_id, removed_because from publishing.entry;

grant update (removed_episode_id, removed_because) on publishing.entry to blocklist_publisher;
grant select on publishing.stretch to blocklist_curation;
