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
