-- Decisions about complaints: an entry is suspended, comes back, or goes for good. By people who may belong to no agency.

------------------------------------------------------------------------------------------------------------------
-- access: complaints officers and oversight sign too, and sit in no agency as a rule.
alter table access.credential
  alter agency drop not null,
  -- The pair of person and agency is not compared where one of them is null.
  add constraint credential_of_a_person foreign key (person) references access.person,
  add constraint credential_of_no_agency check (agency is not null or roles <@ array['complaints-officer', 'oversight']),
  add constraint credential_and_person unique (id, person);

------------------------------------------------------------------------------------------------------------------
-- curation
alter table curation.decision
  alter agency drop not null,
  -- Reference of the complaint, and what it came to.
  add case_reference text collate "C",
  add outcome text check (outcome in ('upheld', 'cleaned', 'partly', 'rejected')),
  drop constraint decision_kind_check,
  add constraint decision_kind_check check (kind in ('proposal', 'assessment', 'sighting', 'withdrawal', 'removal', 'override', 'enforcement',
    'suspension', 'suspension-end', 'complaint-outcome')),
  drop constraint decision_only_votes_supersede,
  add constraint decision_only_votes_supersede check (kind in ('proposal', 'assessment', 'withdrawal', 'complaint-outcome') or supersedes is null),
  add constraint decision_of_no_agency check (agency is not null or kind in ('suspension', 'suspension-end', 'complaint-outcome')),
  add constraint decision_names_its_complaint check (kind not in ('suspension', 'suspension-end', 'complaint-outcome') or case_reference is not null),
  add constraint decision_complaint_reference check (case_reference ~ '^[A-Z0-9-]{1,32}$' or kind not in ('suspension', 'suspension-end', 'complaint-outcome')),
  add constraint decision_outcome_of_a_complaint check ((kind = 'complaint-outcome') = (outcome is not null)),
  add constraint decision_narrows_a_domain check (outcome is distinct from 'partly' or scope = 'domain'),
  add constraint decision_of_a_credential_of_the_person foreign key (credential, person) references access.credential (id, person);
grant insert (case_reference, outcome) on curation.decision to blocklist_curation;

-- A complaint about an entry is decided once, and anew by one appeal.
create unique index decision_outcome_once on curation.decision (episode_id, case_reference, supersedes) nulls not distinct where kind = 'complaint-outcome';
create index decision_of_complaint on curation.decision (case_reference, position) where case_reference is not null;

drop index curation.decision_removal;
create index decision_removal on curation.decision (list, decided_at) where kind in ('removal', 'suspension', 'complaint-outcome');

create or replace function curation.require_earlier_vote() returns trigger language plpgsql as $$
begin
  if new.supersedes is null then return new; end if;
  if new.kind = 'complaint-outcome' then
    if not exists (
      select from curation.decision d where d.id = new.supersedes and d.kind = 'complaint-outcome' and d.outcome = 'rejected' and d.supersedes is null
        and d.episode_id = new.episode_id and d.case_reference = new.case_reference) then
      raise exception 'an appeal is against a rejection of the same complaint' using errcode = 'foreign_key_violation', constraint = 'decision_appeals_a_rejection';
    end if;
    return new;
  end if;
  if not exists (
    select from curation.decision where id = new.supersedes and kind in ('proposal', 'assessment', 'withdrawal')) then
    raise exception 'a vote supersedes an earlier vote' using errcode = 'foreign_key_violation',
      constraint = 'decision_supersedes_an_earlier_vote';
  end if;
  return new;
end $$;

-- Whether a person or their agency had a part in an entry, whatever the list and the episode: decided anything but about complaints.
create function curation.had_part(p_episode uuid, p_person text, p_agency text) returns boolean language sql stable
  return exists (
    select from curation.episode this join curation.episode e on e.subject_id = this.subject_id join curation.decision d on d.episode_id = e.id
    where this.id = p_episode and d.kind not in ('suspension', 'suspension-end', 'complaint-outcome') and (d.person = p_person or d.agency = p_agency));
grant execute on function curation.had_part(uuid, text, text) to blocklist_curation;

create or replace function curation.require_rightful_decisions() returns trigger language plpgsql as $$
begin
  -- Whoever takes a role away at this moment is waited for.
  perform from access.person where id in (select distinct person from added) for share;
  if exists (
    select from (select distinct person, case when kind in ('removal', 'override', 'enforcement') then array['release-officer']
      when kind in ('suspension', 'suspension-end', 'complaint-outcome') then array['complaints-officer', 'oversight'] else array['curator'] end as roles from added) as a
    where not exists (select from access.person p where p.id = a.person and a.roles && p.roles)) then
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
  -- Who decides about a complaint had no part in the entry, and neither had their agency.
  if exists (select from added a where a.kind in ('suspension', 'suspension-end', 'complaint-outcome') and curation.had_part(a.episode_id, a.person, a.agency)) then
    raise exception 'the person or their agency had a part in this entry' using errcode = 'check_violation', constraint = 'decision_complaint_by_the_uninvolved';
  end if;
  -- After a rejection the complaint is oversight's, and never theirs who rejected it.
  if exists (
    select from added a join curation.decision d on d.episode_id = a.episode_id and d.case_reference = a.case_reference and d.kind = 'complaint-outcome' and d.id <> a.id
    where a.kind in ('suspension', 'suspension-end', 'complaint-outcome')
      and (d.person = a.person or not exists (select from access.person p where p.id = a.person and 'oversight' = any (p.roles)))) then
    raise exception 'what was decided of this complaint is for oversight to look at' using errcode = 'check_violation', constraint = 'decision_appeal_by_oversight';
  end if;
  return null;
end $$;

create or replace function curation.require_agency_of_the_country() returns trigger language plpgsql as $$
begin
  -- People of no agency decide about complaints alone, and of every list.
  if exists (
    select from (select distinct list, agency from added) as a join criteria.list l on l.id = a.list
    where l.country is not null and a.agency is not null and not exists (select from access.agency where agency.id = a.agency and agency.country = l.country)) then
    raise exception 'only agencies of its own country decide on a national list' using errcode = 'check_violation', constraint = 'decision_agency_of_the_country';
  end if;
  return null;
end $$;

------------------------------------------------------------------------------------------------------------------
-- publishing: an entry is off a list while a complaint about it is decided, or for good because one was upheld.
alter table publishing.entry
  drop constraint entry_removed_because_check,
  add constraint entry_removed_because_check check (removed_because in
    ('lapsed', 'removed', 'declined', 'suspended', 'disputed', 'withdrawn', 'too-few', 'guarded', 'complaint', 'upheld'));
