-- complaint: the work on complaints. Who did what and when is never changed; what people wrote stands beside it and is deleted when
-- its time is over. Clocks run and tell by themselves when they are late.

------------------------------------------------------------------------------------------------------------------
-- The operator's calendar: a working day is Monday to Friday in this zone, and no holiday.
create table complaint.office (
  only_row boolean primary key default true check (only_row),
  zone text not null
);
insert into complaint.office (zone) values ('UTC');

create table complaint.holiday (
  day date primary key,
  name text not null check (length(name) between 1 and 80),
  entered_by text not null references access.person,
  entered_at timestamptz not null default clock_timestamp()
);

-- The same time of day on the clock of the wall, so many working days later.
create function complaint.working_days_after(p_from timestamptz, p_days integer) returns timestamptz language plpgsql stable as $$
declare
  v_zone text := (select zone from complaint.office);
  v_at timestamp := p_from at time zone v_zone;
  v_left integer := p_days;
begin
  while v_left > 0 loop
    v_at := v_at + interval '1 day';
    if extract(isodow from v_at) < 6 and not exists (select from complaint.holiday where day = v_at::date) then v_left := v_left - 1; end if;
  end loop;
  return v_at at time zone v_zone;
end $$;

------------------------------------------------------------------------------------------------------------------
-- One for each complaint that somebody is to read.
create table complaint.dossier (
  reference text collate "C" primary key references complaint.complaint,
  opened_at timestamptz not null,
  domain text collate "C" not null,
  -- The complaint about the same domain that this one is worked on with; null: it is worked on by itself, and others with it.
  leader text collate "C" references complaint.dossier check (leader <> reference),
  stage text not null default 'new' check (stage in ('new', 'working', 'asked', 'decided', 'appealed', 'closed')),
  -- Of a leader: whether somebody proved control, of it or of one that is worked on with it.
  proven boolean not null default false,
  suspended boolean not null default false,
  -- An entry that it is about was published or suspended when the worker looked. Not found out while the complaint is sent: how long
  -- that takes would tell what is listed.
  listed boolean not null default false,
  looked_at timestamptz,
  -- Oversight is asked to look at it.
  oversight boolean not null default false,
  -- When the first of its clocks runs out; null while none runs.
  due_at timestamptz,
  outcome text check (outcome in ('upheld', 'cleaned', 'partly', 'rejected', 'no-entry')),
  decided_at timestamptz,
  decided_by text references access.person,
  -- From when on people without proof are told that there is an answer: at the promised time, however early it was, so that how long
  -- it took says nothing about a list.
  answered_from timestamptz,
  appealed_at timestamptz,
  forgotten_at timestamptz,
  constraint dossier_outcome_is_somebodys check ((outcome is null) = (decided_at is null) and (outcome is null) = (decided_by is null) and (outcome is null) = (answered_from is null)),
  constraint dossier_over_has_an_outcome check (stage not in ('decided', 'appealed', 'closed') or outcome is not null),
  constraint dossier_appeal_once check ((stage = 'appealed') <= (appealed_at is not null))
);
create index dossier_queue on complaint.dossier (due_at, reference) where leader is null and due_at is not null;
create index dossier_queue_listed on complaint.dossier (due_at, reference) where leader is null and due_at is not null and listed;
create index dossier_to_look_at on complaint.dossier (looked_at nulls first) where leader is null and due_at is not null;
create index dossier_queue_proven on complaint.dossier (due_at, reference) where leader is null and due_at is not null and proven;
create index dossier_queue_stage on complaint.dossier (stage, due_at, reference) where leader is null and due_at is not null;
create index dossier_queue_suspended on complaint.dossier (due_at, reference) where leader is null and suspended;
create index dossier_queue_oversight on complaint.dossier (due_at, reference) where leader is null and due_at is not null and (oversight or stage = 'appealed');
create index dossier_over on complaint.dossier (decided_at, reference) where leader is null and due_at is null;
create index dossier_of_leader on complaint.dossier (leader) where leader is not null;
create index dossier_of_domain on complaint.dossier (domain, opened_at) where leader is null;
create index dossier_to_merge on complaint.dossier (opened_at) where leader is null and stage = 'new';
create index dossier_to_forget on complaint.dossier (decided_at) where forgotten_at is null;

-- The record of kept and missed promises: kept is what ended by the time it was due.
create table complaint.clock (
  id bigint generated always as identity primary key,
  reference text collate "C" not null references complaint.dossier,
  kind text not null check (kind in ('triage', 'decision', 'suspension', 'appeal')),
  started_at timestamptz not null,
  due_at timestamptz not null check (due_at > started_at),
  ended_at timestamptz,
  -- When it was found late, which is told once.
  late_at timestamptz
);
create unique index clock_runs_once on complaint.clock (reference, kind) where ended_at is null;
create index clock_of_dossier on complaint.clock (reference, id);
create index clock_due on complaint.clock (due_at) where ended_at is null and late_at is null;
create index clock_late on complaint.clock (late_at) where ended_at is null and late_at is not null;

create table complaint.event (
  id bigint generated always as identity primary key,
  reference text collate "C" not null references complaint.dossier,
  at timestamptz not null default clock_timestamp(),
  kind text not null check (kind in ('received', 'proven', 'triaged', 'suspended', 'suspension-ended', 'question', 'answer', 'note', 'letter', 'handed-over', 'late',
    'merged', 'decided', 'appeal', 'appeal-decided', 'mail-failed')),
  -- Null: whoever complained, or nobody.
  person text references access.person,
  -- Whether whoever complained may read it, as soon as they may read more than that it was received.
  visible boolean not null,
  -- Words of ours: outcome, criterion, which template. Nothing that a person wrote.
  detail jsonb not null default '{}',
  -- Of salt and text; it tells nothing once these are deleted.
  text_sha256 text check (text_sha256 ~ '^[0-9a-f]{64}$')
);
create index event_of_dossier on complaint.event (reference, id);
create trigger event_append_only before update or delete or truncate on complaint.event for each statement execute function house.refuse_change();

create table complaint.event_text (
  event_id bigint primary key references complaint.event,
  salt bytea not null,
  text text not null check (length(text) between 1 and 5000)
);

-- Mails of the portal are told at once, these when they are due.
alter table complaint.notice
  drop constraint notice_what_check,
  add constraint notice_what_check check (what in ('receipt', 'confirm', 'question', 'news', 'decided', 'appeal')),
  add until timestamptz,
  add taken_at timestamptz;
create index notice_due on complaint.notice (at) where taken_at is null;

------------------------------------------------------------------------------------------------------------------
-- The entries that a complaint is about: published ones that cover the domain, or lie below it where it is registrable; those that
-- would be published but for a suspension or the next slot; and what was decided for it.
create index episode_suspended on curation.episode (name) where is_current and stage = 'suspended';
create function complaint.entries_of(p_reference text, p_limit integer) returns table (episode uuid, subject uuid, list text, name text, scope text, stage text, voters text, lapses_at timestamptz, relation text, added_serial integer)
  language sql stable as $$
  with about as (
    select c.domain, c.is_registrable, coalesce(d.leader, c.reference) as leader, string_to_array(c.domain, '.') as labels
    from complaint.complaint c left join complaint.dossier d on d.reference = c.reference where c.reference = p_reference),
  found as (
    select e.id, 'covers' as relation from about a cross join lateral generate_series(1, array_length(a.labels, 1) - 1) as i
    join curation.episode e on e.is_current and e.scope = 'domain' and e.name = array_to_string(a.labels[i:], '.')
    where e.stage in ('eligible', 'suspended') or exists (select from publishing.published_entry p where p.list = e.list and p.name = e.name and p.scope = e.scope)
    union
    select e.id, 'covers' from about a join curation.episode e on e.is_current and e.scope = 'host' and e.name = a.domain
    where e.stage in ('eligible', 'suspended') or exists (select from publishing.published_entry p where p.list = e.list and p.name = e.name and p.scope = e.scope)
    union
    (select e.id, 'below' from about a join publishing.published_entry p on a.is_registrable and reverse(p.name) like reverse('.' || a.domain) || '%'
     join curation.episode e on e.is_current and e.list = p.list and e.name = p.name and e.scope = p.scope limit p_limit)
    union
    -- Suspended for another case: it comes back when that one is rejected.
    select e.id, 'below' from about a join curation.episode e on a.is_registrable and e.is_current and e.stage = 'suspended' and right(e.name, length(a.domain) + 1) = '.' || a.domain
    union
    select d.episode_id, 'decided' from about a join curation.decision d on d.case_reference = a.leader and d.kind in ('suspension', 'suspension-end', 'complaint-outcome'))
  select e.id, e.subject_id, e.list, e.name, e.scope, e.stage, e.voters, e.lapses_at, min(f.relation), (select p.added_serial from publishing.published_entry p where p.list = e.list and p.name = e.name and p.scope = e.scope)
  from found f join curation.episode e on e.id = f.id
  group by e.id order by e.list, length(e.name), e.name collate "C", e.scope limit p_limit
$$;

-- Whether the person or their agency had a part in an entry that the complaint is about.
create function complaint.is_involved(p_reference text, p_person text) returns boolean language sql stable as $$
  select exists (select from access.person p, complaint.entries_of(p_reference, 1000) e where p.id = p_person and curation.had_part(e.episode, p.id, p.agency))
$$;

------------------------------------------------------------------------------------------------------------------
-- What the functions below share. Nobody is let execute these.
create function complaint.require_officer(p_person text) returns void language plpgsql as $$
begin
  perform from access.person where id = p_person and left_at is null and roles && array['complaints-officer', 'oversight'] for share;
  if not found then raise exception 'this person works on no complaints' using errcode = 'check_violation', constraint = 'case_by_an_officer'; end if;
end $$;

-- The one that a complaint is worked on with, locked; that of the reference itself, where it leads.
create function complaint.lead(p_reference text) returns complaint.dossier language plpgsql as $$
declare
  v_found complaint.dossier;
begin
  select l.* into v_found from complaint.dossier d join complaint.dossier l on l.reference = coalesce(d.leader, d.reference) where d.reference = p_reference for update of l;
  if v_found.reference is null then raise exception 'there is no such case' using errcode = 'check_violation', constraint = 'case_exists'; end if;
  return v_found;
end $$;

-- Of a person who had no part in what it is about; where an appeal is to be decided, of oversight and not of who decided first.
create function complaint.lead_for(p_reference text, p_person text) returns complaint.dossier language plpgsql as $$
declare
  v_lead complaint.dossier;
begin
  perform complaint.require_officer(p_person);
  v_lead := complaint.lead(p_reference);
  if complaint.is_involved(v_lead.reference, p_person) then
    raise exception 'the person or their agency had a part in an entry of this case' using errcode = 'check_violation', constraint = 'case_by_the_uninvolved';
  end if;
  if v_lead.stage in ('decided', 'closed') then
    raise exception 'this case is decided' using errcode = 'check_violation', constraint = 'case_is_open';
  end if;
  if v_lead.stage = 'appealed' and (v_lead.decided_by = p_person or not exists (select from access.person where id = p_person and 'oversight' = any (roles))) then
    raise exception 'an appeal is for oversight, and not for who decided first' using errcode = 'check_violation', constraint = 'case_appeal_by_oversight';
  end if;
  return v_lead;
end $$;

create function complaint.note_due(p_reference text) returns void language sql as $$
  update complaint.dossier l set due_at = (select min(k.due_at) from complaint.clock k join complaint.dossier d on d.reference = k.reference
    where k.ended_at is null and (d.reference = l.reference or d.leader = l.reference)) where l.reference = p_reference
$$;

create function complaint.start_clock(p_reference text, p_kind text, p_due timestamptz) returns void language sql as $$
  insert into complaint.clock (reference, kind, started_at, due_at) values (p_reference, p_kind, clock_timestamp(), p_due) on conflict (reference, kind) where ended_at is null do nothing
$$;

-- Of a case and of all that are worked on with it.
create function complaint.end_clocks(p_lead text, p_kinds text[]) returns void language sql as $$
  update complaint.clock k set ended_at = clock_timestamp() from complaint.dossier d
  where k.reference = d.reference and (d.reference = p_lead or d.leader = p_lead) and k.ended_at is null and k.kind = any (p_kinds)
$$;

create function complaint.add_event(p_reference text, p_kind text, p_person text, p_visible boolean, p_detail jsonb, p_text text) returns bigint language plpgsql as $$
declare
  v_salt bytea := sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'SQL_ASCII'));
  v_sha256 text := case when p_text is not null then encode(sha256(v_salt || convert_to(p_text, 'UTF8')), 'hex') end;
  v_id bigint;
begin
  insert into complaint.event (reference, kind, person, visible, detail, text_sha256) values (p_reference, p_kind, p_person, p_visible, p_detail, v_sha256) returning id into v_id;
  if p_text is not null then
    insert into complaint.event_text (event_id, salt, text) values (v_id, v_salt, p_text);
    update complaint.dossier set forgotten_at = null where reference = p_reference and forgotten_at is not null;
  end if;
  -- That it came in stands there as what the person did.
  if p_kind <> 'received' then
    perform oversight.append_audit(coalesce(p_person, case when p_kind in ('answer', 'appeal', 'proven') then 'complainant' else 'worker' end), 'case.' || p_kind, p_reference,
      p_detail || jsonb_build_object('event', v_id) || case when v_sha256 is null then '{}' else jsonb_build_object('text', v_sha256) end);
  end if;
  return v_id;
end $$;

create function complaint.tell(p_reference text, p_what text, p_at timestamptz, p_until timestamptz) returns void language sql as $$
  insert into complaint.notice (reference, what, language, at, until)
  select c.reference, p_what, c.language, p_at, p_until from complaint.complaint c join complaint.person p on p.reference = c.reference where c.reference = p_reference
$$;

------------------------------------------------------------------------------------------------------------------
-- A complaint becomes a case when somebody is to read it.
create function complaint.open_dossier() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into complaint.dossier (reference, opened_at, domain, proven) values (new.reference, new.confirmed_at, new.domain, new.proof_state = 'proven') on conflict do nothing;
  if found then
    insert into complaint.clock (reference, kind, started_at, due_at)
    values (new.reference, 'triage', new.confirmed_at, new.confirmed_at + interval '24 hours'), (new.reference, 'decision', new.confirmed_at, complaint.working_days_after(new.confirmed_at, 5));
    perform complaint.add_event(new.reference, 'received', null, true, jsonb_build_object('kind', new.kind, 'party', new.party), null);
    perform complaint.note_due(new.reference);
  end if;
  return null;
end $$;
create trigger complaint_becomes_a_case after insert or update of state on complaint.complaint for each row when (new.state = 'open') execute function complaint.open_dossier();

-- Those that came before this table.
insert into complaint.dossier (reference, opened_at, domain, proven) select reference, confirmed_at, domain, proof_state = 'proven' from complaint.complaint where state = 'open';
insert into complaint.clock (reference, kind, started_at, due_at)
select reference, k.kind, opened_at, case k.kind when 'triage' then opened_at + interval '24 hours' else complaint.working_days_after(opened_at, 5) end from complaint.dossier, unnest(array['triage', 'decision']) as k (kind);
select complaint.note_due(reference) from complaint.dossier;

create function complaint.note_proven() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_leader text;
begin
  update complaint.dossier set proven = true where reference = new.reference returning coalesce(leader, reference) into v_leader;
  update complaint.dossier set proven = true where reference = v_leader and not proven;
  perform complaint.add_event(new.reference, 'proven', null, true, jsonb_build_object('by', new.proof_method), null);
  -- Whoever proved it reads the answer now.
  update complaint.notice set at = clock_timestamp() where reference = new.reference and taken_at is null and at > clock_timestamp();
  return null;
end $$;
create trigger complaint_is_proven after update of proof_state on complaint.complaint for each row when (new.proof_state = 'proven' and old.proof_state <> 'proven') execute function complaint.note_proven();

------------------------------------------------------------------------------------------------------------------
-- What officers do. The signed statements stand in the same transaction; these functions ask that they do.

-- It was read, and asked whether to suspend now.
create function complaint.record_triage(p_reference text, p_person text, p_reason text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_lead complaint.dossier := complaint.lead_for(p_reference, p_person);
begin
  if v_lead.stage <> 'new' then raise exception 'this case was looked at already' using errcode = 'check_violation', constraint = 'case_is_new'; end if;
  update complaint.dossier set stage = 'working' where reference = v_lead.reference;
  perform complaint.end_clocks(v_lead.reference, array['triage']);
  perform complaint.add_event(v_lead.reference, 'triaged', p_person, true, '{}', p_reason);
  perform complaint.note_due(v_lead.reference);
end $$;

-- Until: by when it is to be decided, as the statements say.
create function complaint.record_suspension(p_reference text, p_person text, p_reason text, p_until timestamptz) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_lead complaint.dossier := complaint.lead_for(p_reference, p_person);
begin
  if not exists (select from curation.decision where case_reference = v_lead.reference and kind = 'suspension' and person = p_person) then
    raise exception 'nothing was suspended for this case' using errcode = 'check_violation', constraint = 'case_says_what_was_signed';
  end if;
  update complaint.dossier set suspended = true where reference = v_lead.reference;
  perform complaint.start_clock(v_lead.reference, 'suspension', p_until);
  perform complaint.add_event(v_lead.reference, 'suspended', p_person, true, jsonb_build_object('until', to_char(p_until at time zone 'UTC', 'YYYY-MM-DD')), p_reason);
  perform complaint.note_due(v_lead.reference);
  perform complaint.tell(d.reference, 'news', clock_timestamp(), null) from complaint.dossier d join complaint.complaint c using (reference)
  where (d.reference = v_lead.reference or d.leader = v_lead.reference) and c.proof_state = 'proven';
end $$;

create function complaint.record_suspension_end(p_reference text, p_person text, p_reason text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_lead complaint.dossier := complaint.lead_for(p_reference, p_person);
begin
  if not v_lead.suspended or not exists (select from curation.decision where case_reference = v_lead.reference and kind = 'suspension-end' and person = p_person) then
    raise exception 'no suspension was ended for this case' using errcode = 'check_violation', constraint = 'case_says_what_was_signed';
  end if;
  update complaint.dossier set suspended = false where reference = v_lead.reference;
  perform complaint.end_clocks(v_lead.reference, array['suspension']);
  perform complaint.add_event(v_lead.reference, 'suspension-ended', p_person, true, '{}', p_reason);
  perform complaint.note_due(v_lead.reference);
  perform complaint.tell(d.reference, 'news', clock_timestamp(), null) from complaint.dossier d join complaint.complaint c using (reference)
  where (d.reference = v_lead.reference or d.leader = v_lead.reference) and c.proof_state = 'proven';
end $$;

-- Of one complaint, in the words of a template; free words only to who has proven control: anything else could tell what is listed.
create function complaint.ask(p_reference text, p_person text, p_template text, p_text text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_lead complaint.dossier := complaint.lead_for(p_reference, p_person);
begin
  if p_text is not null and not exists (select from complaint.complaint where reference = p_reference and proof_state = 'proven') then
    raise exception 'control is not proven' using errcode = 'check_violation', constraint = 'case_free_words_after_proof';
  end if;
  update complaint.dossier set stage = 'asked' where reference = v_lead.reference and stage = 'working';
  perform complaint.add_event(p_reference, 'question', p_person, true, jsonb_build_object('template', p_template), p_text);
  perform complaint.tell(p_reference, 'question', clock_timestamp(), null);
end $$;

create function complaint.note(p_reference text, p_person text, p_text text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform complaint.require_officer(p_person);
  perform complaint.add_event((complaint.lead(p_reference)).reference, 'note', p_person, false, '{}', p_text);
end $$;

create function complaint.hand_over(p_reference text, p_person text, p_text text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_lead complaint.dossier;
begin
  perform complaint.require_officer(p_person);
  v_lead := complaint.lead(p_reference);
  update complaint.dossier set oversight = true where reference = v_lead.reference;
  perform complaint.add_event(v_lead.reference, 'handed-over', p_person, false, '{}', p_text);
end $$;

-- A letter of a registrar or host came, and whoever enters it asked them whether it is theirs.
create function complaint.prove_by_letter(p_reference text, p_person text, p_text text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform complaint.require_officer(p_person);
  if complaint.is_involved(p_reference, p_person) then
    raise exception 'the person or their agency had a part in an entry of this case' using errcode = 'check_violation', constraint = 'case_by_the_uninvolved';
  end if;
  perform complaint.lead(p_reference);
  perform complaint.add_event(p_reference, 'letter', p_person, false, '{}', p_text);
  update complaint.complaint set proof_state = 'proven', proof_method = 'letter', proof_at = clock_timestamp() where reference = p_reference and proof_state <> 'proven';
  if not found then raise exception 'control was proven already' using errcode = 'check_violation', constraint = 'case_not_proven_yet'; end if;
end $$;

-- What it came to, or its appeal: for a case and all that are worked on with it.
create function complaint.record_outcome(p_reference text, p_person text, p_outcome text, p_criterion text, p_reason text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_lead complaint.dossier := complaint.lead_for(p_reference, p_person);
  v_is_appeal boolean := v_lead.stage = 'appealed';
  v_member record;
begin
  if p_outcome = 'no-entry' then
    if exists (select from complaint.entries_of(v_lead.reference, 1000) e where e.added_serial is not null or e.stage in ('eligible', 'suspended')) then
      raise exception 'entries of this case stand' using errcode = 'check_violation', constraint = 'case_no_entry_stands';
    end if;
  elsif not exists (select from curation.decision d where d.case_reference = v_lead.reference and d.kind = 'complaint-outcome' and d.outcome = p_outcome and d.person = p_person) then
    raise exception 'this outcome was not signed' using errcode = 'check_violation', constraint = 'case_says_what_was_signed';
  end if;
  -- A suspension that nobody ends would last for ever: no clock runs for a case that is over.
  if exists (select from curation.decision s where s.case_reference = v_lead.reference and s.kind = 'suspension' and not exists (
    select from curation.decision l where l.case_reference = s.case_reference and l.episode_id = s.episode_id and l.kind in ('suspension-end', 'complaint-outcome') and l.position > s.position)) then
    raise exception 'an entry is still suspended for this case' using errcode = 'check_violation', constraint = 'case_leaves_nothing_suspended';
  end if;
  perform complaint.end_clocks(v_lead.reference, array['triage', 'decision', 'suspension', 'appeal']);
  for v_member in
    select d.reference, c.proof_state = 'proven' as proven, k.due_at from complaint.dossier d join complaint.complaint c using (reference)
    join complaint.clock k on k.id = (select max(id) from complaint.clock where reference = d.reference and kind = 'decision')
    where d.reference = v_lead.reference or d.leader = v_lead.reference order by d.reference for update of d
  loop
    update complaint.dossier set stage = case when v_is_appeal then 'closed' else 'decided' end, suspended = false, outcome = p_outcome, decided_at = clock_timestamp(), decided_by = p_person,
      -- Late by hours becomes late by a whole day, for the same reason.
      answered_from = coalesce(answered_from, v_member.due_at + ceil(greatest(extract(epoch from clock_timestamp() - v_member.due_at), 0) / 86400) * interval '1 day')
    where reference = v_member.reference;
    perform complaint.add_event(v_member.reference, case when v_is_appeal then 'appeal-decided' else 'decided' end, p_person, true,
      jsonb_strip_nulls(jsonb_build_object('outcome', p_outcome, 'criterion', p_criterion)), p_reason);
    if v_member.proven or not v_is_appeal then
      perform complaint.tell(v_member.reference, 'decided', case when v_member.proven then clock_timestamp() else (select answered_from from complaint.dossier where reference = v_member.reference) end, null);
    end if;
  end loop;
  perform complaint.note_due(v_lead.reference);
end $$;

-- The calendar. Only days to come are changed: what was promised for a past one was kept or missed.
create function complaint.require_calendar_keeper(p_person text) returns void language plpgsql as $$
begin
  perform from access.person where id = p_person and left_at is null and roles && array['complaints-officer', 'oversight', 'operator-administrator'] for share;
  if not found then raise exception 'this person does not keep the calendar' using errcode = 'check_violation', constraint = 'holiday_by_its_keepers'; end if;
end $$;

create function complaint.recount_clocks() returns void language sql as $$
  update complaint.clock set due_at = complaint.working_days_after(started_at, case kind when 'suspension' then 10 else 5 end)
  where ended_at is null and late_at is null and kind <> 'triage';
  select complaint.note_due(reference) from complaint.dossier where leader is null and due_at is not null
$$;

create function complaint.set_holiday(p_day date, p_name text, p_person text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform complaint.require_calendar_keeper(p_person);
  if p_day <= (clock_timestamp() at time zone (select zone from complaint.office))::date then return 'past'; end if;
  insert into complaint.holiday (day, name, entered_by) values (p_day, p_name, p_person) on conflict do nothing;
  if not found then return 'known'; end if;
  perform complaint.recount_clocks();
  perform oversight.append_audit(p_person, 'holiday.set', p_day::text, jsonb_build_object('name', p_name));
  return 'set';
end $$;

create function complaint.drop_holiday(p_day date, p_person text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform complaint.require_calendar_keeper(p_person);
  if p_day <= (clock_timestamp() at time zone (select zone from complaint.office))::date then return 'past'; end if;
  delete from complaint.holiday where day = p_day;
  if not found then return 'unknown'; end if;
  perform complaint.recount_clocks();
  perform oversight.append_audit(p_person, 'holiday.drop', p_day::text, '{}');
  return 'dropped';
end $$;

create function complaint.set_zone(p_zone text, p_person text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform complaint.require_calendar_keeper(p_person);
  if not exists (select from pg_timezone_names where name = p_zone) then return 'unknown'; end if;
  update complaint.office set zone = p_zone;
  perform complaint.recount_clocks();
  perform oversight.append_audit(p_person, 'holiday.zone', p_zone, '{}');
  return 'set';
end $$;

------------------------------------------------------------------------------------------------------------------
-- What whoever complained sees and says, with reference and secret. Before proof: questions and their answers, and from the promised
-- time on that there is an answer, which is the same for every name.
create function complaint.progress(p_reference text, p_secret_sha256 bytea) returns table (at timestamptz, kind text, detail jsonb, text text)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_found complaint.complaint := complaint.find(p_reference, p_secret_sha256);
  v_own complaint.dossier;
begin
  select * into v_own from complaint.dossier where reference = v_found.reference;
  if v_own.reference is null then return; end if;
  return query
    select e.at, e.kind, e.detail, case when e.kind in ('triaged', 'suspended', 'suspension-ended') then null else t.text end
    from complaint.event e left join complaint.event_text t on t.event_id = e.id
    where e.visible and (e.reference = v_own.reference or (e.reference = v_own.leader and e.kind in ('triaged', 'suspended', 'suspension-ended')))
      and (v_found.proof_state = 'proven' or e.kind in ('question', 'answer')) order by e.id;
  if v_found.proof_state <> 'proven' and v_own.answered_from <= clock_timestamp() then
    return query select v_own.answered_from, 'answered', '{}'::jsonb, null::text;
  end if;
end $$;

-- 'taken', 'not-asked', 'unknown'.
create function complaint.answer(p_reference text, p_secret_sha256 bytea, p_text text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_lead complaint.dossier;
begin
  if (complaint.find(p_reference, p_secret_sha256)).reference is null or not exists (select from complaint.dossier where reference = p_reference) then return 'unknown'; end if;
  v_lead := complaint.lead(p_reference);
  -- Without proof they learn that it is decided at the promised time, and not by being told that nobody asks any more.
  if (v_lead.stage in ('decided', 'closed') and exists (select from complaint.complaint c join complaint.dossier d using (reference) where c.reference = p_reference and (c.proof_state = 'proven' or d.answered_from <= clock_timestamp())))
    or coalesce((select e.kind from complaint.event e where e.reference = p_reference and e.kind in ('question', 'answer') order by e.id desc limit 1), 'answer') <> 'question' then
    return 'not-asked';
  end if;
  perform complaint.add_event(p_reference, 'answer', null, true, '{}', p_text);
  update complaint.dossier set stage = 'working' where reference = v_lead.reference and stage = 'asked';
  return 'taken';
end $$;

-- Once, after a decision that leaves things as they are, by who has proven control. 'taken', 'not-now', 'unknown'.
create function complaint.appeal(p_reference text, p_secret_sha256 bytea, p_text text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_lead complaint.dossier;
  v_due timestamptz := complaint.working_days_after(clock_timestamp(), 5);
begin
  if (complaint.find(p_reference, p_secret_sha256)).reference is null or not exists (select from complaint.dossier where reference = p_reference) then return 'unknown'; end if;
  v_lead := complaint.lead(p_reference);
  if v_lead.stage <> 'decided' or v_lead.outcome not in ('rejected', 'no-entry') or v_lead.appealed_at is not null
    or not exists (select from complaint.complaint where reference = p_reference and proof_state = 'proven') then
    return 'not-now';
  end if;
  update complaint.dossier set stage = 'appealed', appealed_at = clock_timestamp() where reference = v_lead.reference or leader = v_lead.reference;
  perform complaint.start_clock(v_lead.reference, 'appeal', v_due);
  perform complaint.add_event(p_reference, 'appeal', null, true, '{}', p_text);
  perform complaint.tell(p_reference, 'appeal', clock_timestamp(), v_due);
  perform complaint.note_due(v_lead.reference);
  return 'taken';
end $$;

-- After proof: how far versions have come that an entry left with, which the caller was told of. Of those who are to apply the list,
-- how many said that they apply this version or a later one.
create function complaint.applied(p_reference text, p_secret_sha256 bytea, p_lists text[], p_serials integer[]) returns table (list text, serial integer, applied bigint, providers bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.list, r.serial, count(*) filter (where exists (select from distribution.receipt x where x.provider_id = p.id and x.list = r.list and x.version >= r.serial)), count(p.id)
  from (select distinct u.list, u.serial from unnest(p_lists, p_serials) as u (list, serial)) r
  left join providers.provider_list l on l.list = r.list left join providers.provider p on p.id = l.provider_id and p.suspended_at is null
  where (complaint.find(p_reference, p_secret_sha256)).proof_state = 'proven'
  group by r.list, r.serial
$$;

------------------------------------------------------------------------------------------------------------------
-- What the worker does.

-- New complaints about a domain that is worked on already go with the oldest of them. Nobody outside is told. Returns how many.
create function complaint.merge_duplicates() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_pair record;
  v_merged integer := 0;
begin
  for v_pair in
    select d.reference, l.reference as leader from complaint.dossier d
    join lateral (select o.reference from complaint.dossier o where o.domain = d.domain and o.leader is null and o.stage in ('new', 'working', 'asked')
      and (o.opened_at, o.reference) < (d.opened_at, d.reference) order by o.opened_at, o.reference limit 1) l on true
    where d.leader is null and d.stage = 'new' order by d.opened_at limit 500
  loop
    -- Always the older first, so that two of these never wait for each other.
    perform from complaint.dossier where reference = v_pair.leader and leader is null and stage in ('new', 'working', 'asked') for update;
    continue when not found;
    perform from complaint.dossier where reference = v_pair.reference and leader is null and stage = 'new' for update;
    continue when not found;
    update complaint.dossier set leader = v_pair.leader, due_at = null where reference = v_pair.reference or leader = v_pair.reference;
    update complaint.dossier l set proven = l.proven or d.proven, oversight = l.oversight or d.oversight from complaint.dossier d where l.reference = v_pair.leader and d.reference = v_pair.reference;
    if (select stage from complaint.dossier where reference = v_pair.leader) <> 'new' then perform complaint.end_clocks(v_pair.leader, array['triage']); end if;
    perform complaint.add_event(v_pair.reference, 'merged', null, false, jsonb_build_object('with', v_pair.leader), null);
    perform complaint.note_due(v_pair.leader);
    v_merged := v_merged + 1;
  end loop;
  return v_merged;
end $$;

-- Which open cases are about an entry, so that however many are not, those that are stand together. Lists change: each is looked at
-- again after an hour. Returns how many it found.
create function complaint.look_for_entries() returns integer
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  with due as (
    select reference from complaint.dossier
    where leader is null and due_at is not null and (looked_at is null or looked_at < clock_timestamp() - interval '1 hour')
    order by looked_at nulls first limit 1000 for update skip locked),
  found as (select reference, exists (select from complaint.entries_of(reference, 10) e where e.added_serial is not null or e.stage = 'suspended') as listed from due),
  marked as (update complaint.dossier d set listed = f.listed, looked_at = clock_timestamp() from found f where d.reference = f.reference returning d.listed)
  select count(*)::int from marked where listed
$$;

-- Tells each clock that ran out once: on the case, to whoever is to be written to, and as an alarm that stands while any is late.
create function complaint.escalate_late_at(p_now timestamptz, p_to text[]) returns integer language plpgsql as $$
declare
  v_clock record;
  v_told integer := (select count(*) from complaint.clock where late_at > p_now - interval '1 hour');
  v_late integer := 0;
  v_to text;
begin
  for v_clock in
    select k.id, k.reference, k.kind, coalesce(d.leader, d.reference) as leader from complaint.clock k join complaint.dossier d using (reference)
    where k.ended_at is null and k.late_at is null and k.due_at <= p_now order by k.due_at limit 200 for update of k skip locked
  loop
    update complaint.clock set late_at = p_now where id = v_clock.id;
    update complaint.dossier set oversight = true where reference = v_clock.leader and not oversight;
    perform complaint.add_event(v_clock.leader, 'late', null, false, jsonb_build_object('clock', v_clock.kind, 'of', v_clock.reference), null);
    v_late := v_late + 1;
    -- Twenty an hour say as much as a thousand.
    if v_told + v_late <= 20 then
      foreach v_to in array p_to loop
        perform mail.enqueue(v_clock.leader, v_to, 'en', 'overdue', '{}', 'overdue.' || v_clock.id || '.' || array_position(p_to, v_to));
      end loop;
    end if;
  end loop;
  if exists (select from complaint.clock where ended_at is null and late_at is not null) then
    insert into publishing.alarm (id, cause, list, kind, message)
    values (gen_random_uuid(), 'complaints', '', 'complaint', 'A promise to people who complained was missed. The page Complaints shows under "late" which; oversight sees them too.')
    on conflict (cause) where cleared_at is null do nothing;
  else
    update publishing.alarm set cleared_at = clock_timestamp() where cause = 'complaints' and cleared_at is null;
  end if;
  return v_late;
end $$;

create function complaint.escalate_late(p_to text[]) returns integer
  language sql security definer set search_path = pg_catalog, pg_temp as $$ select complaint.escalate_late_at(clock_timestamp(), p_to) $$;

-- Writes the mails that are due; what cannot be written stands on the case. Returns how many.
create function complaint.write_mails() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_notice record;
  v_written integer := 0;
begin
  for v_notice in
    select n.*, p.email, k.due_at as decided_by from complaint.notice n left join complaint.person p on p.reference = n.reference
    left join complaint.clock k on k.reference = n.reference and k.kind = 'decision'
    where n.taken_at is null and n.at <= clock_timestamp() order by n.what = 'confirm', n.at limit 200 for update of n skip locked
  loop
    update complaint.notice set taken_at = clock_timestamp(), link = null where id = v_notice.id;
    continue when v_notice.email is null;
    begin
      if not mail.enqueue(v_notice.reference, v_notice.email, v_notice.language,
        case v_notice.what when 'news' then 'status-changed' when 'appeal' then 'appeal-received' else v_notice.what end,
        jsonb_strip_nulls(jsonb_build_object(
          'path', case v_notice.what when 'confirm' then regexp_replace(v_notice.link, '^[a-z]+://[^/]*', '') else '/' || v_notice.language || '/status' end,
          'until', to_char(case v_notice.what when 'receipt' then v_notice.decided_by when 'appeal' then v_notice.until end at time zone 'UTC', 'YYYY-MM-DD'))),
        'notice.' || v_notice.id) then
        raise exception 'somebody wrote a mail under the id of this one' using errcode = 'check_violation';
      end if;
      v_written := v_written + 1;
    exception when check_violation or data_exception then
      if exists (select from complaint.dossier where reference = v_notice.reference) then
        perform complaint.add_event(v_notice.reference, 'mail-failed', null, false, jsonb_build_object('what', v_notice.what), null);
      end if;
    end;
  end loop;
  return v_written;
end $$;

-- Personal data goes when its time is over, by kind: the address 90 days after the case was decided, texts, questions, answers and notes
-- a year after. What happened stays, with hashes that tell nothing any more. Returns of how many cases something went.
create function complaint.forget_at(p_now timestamptz) returns integer language plpgsql as $$
declare
  v_addresses integer;
  v_texts integer;
begin
  delete from complaint.complaint where state = 'unconfirmed' and received_at < p_now - interval '7 days';
  delete from complaint.person p using complaint.dossier d where d.reference = p.reference and d.stage in ('decided', 'closed') and d.decided_at < p_now - interval '90 days'
    and not exists (select from complaint.notice n where n.reference = d.reference and n.taken_at is null);
  get diagnostics v_addresses = row_count;
  with over as (
    update complaint.dossier set forgotten_at = p_now where forgotten_at is null and stage in ('decided', 'closed') and decided_at < p_now - interval '1 year'
      and not exists (select from complaint.event e join complaint.event_text t on t.event_id = e.id where e.reference = dossier.reference and e.at > p_now - interval '1 year') returning reference),
  texts as (delete from complaint.event_text t using complaint.event e, over o where e.id = t.event_id and e.reference = o.reference)
  update complaint.complaint c set text = null from over o where c.reference = o.reference;
  get diagnostics v_texts = row_count;
  if v_addresses + v_texts > 0 then perform oversight.append_audit('worker', 'complaint.forget', '', jsonb_build_object('addresses', v_addresses, 'texts', v_texts)); end if;
  return v_addresses + v_texts;
end $$;

create function complaint.forget() returns integer
  language sql security definer set search_path = pg_catalog, pg_temp as $$ select complaint.forget_at(clock_timestamp()) $$;

alter table publishing.alarm
  drop constraint alarm_kind_check,
  add constraint alarm_kind_check check (kind in ('held', 'expiry', 'stopped', 'ledger', 'verifier', 'log', 'mail', 'complaint'));

------------------------------------------------------------------------------------------------------------------
grant usage on schema complaint to blocklist_curation, blocklist_worker;
grant select on complaint.dossier, complaint.clock, complaint.event, complaint.event_text, complaint.holiday, complaint.office to blocklist_curation;
grant select (reference, party, kind, domain, is_registrable, language, since, text, received_at, confirmed_at, state, proof_state, proof_method, proof_at) on complaint.complaint to blocklist_curation;
-- That there is an address, and not which.
grant select (reference) on complaint.person to blocklist_curation;
grant execute on function complaint.working_days_after(timestamptz, integer), complaint.entries_of(text, integer), complaint.is_involved(text, text),
  complaint.record_triage(text, text, text), complaint.record_suspension(text, text, text, timestamptz), complaint.record_suspension_end(text, text, text), complaint.ask(text, text, text, text),
  complaint.note(text, text, text), complaint.hand_over(text, text, text), complaint.prove_by_letter(text, text, text), complaint.record_outcome(text, text, text, text, text),
  complaint.set_holiday(date, text, text), complaint.drop_holiday(date, text), complaint.set_zone(text, text) to blocklist_curation;
grant execute on function complaint.progress(text, bytea), complaint.answer(text, bytea, text), complaint.appeal(text, bytea, text), complaint.applied(text, bytea, text[], integer[]) to blocklist_portal;
grant execute on function complaint.merge_duplicates(), complaint.look_for_entries(), complaint.escalate_late(text[]), complaint.write_mails(), complaint.forget() to blocklist_worker;
