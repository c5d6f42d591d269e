-- Places for proofs are few, and servers that let everybody wait are many, where somebody wants them to be. Every other place goes to
-- who was looked for least often, the others to who waits longest: neither old proofs of slow servers nor a flood of new ones stop the
-- other kind.
create or replace function dnschecks.take_due(p_limit integer, p_lease interval) returns table (id uuid, domain text, token text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_newest_first boolean := random() < 0.5;
begin
  update dnschecks.proof p set next_check_at = null where p.next_check_at <= clock_timestamp() and p.expires_at <= clock_timestamp();
  return query
    with due as (
      select p.id from dnschecks.proof p where p.next_check_at <= clock_timestamp()
      order by case when v_newest_first then p.checks_made else 0 end, p.next_check_at limit least(p_limit, 1000) for update skip locked)
    update dnschecks.proof p set next_check_at = clock_timestamp() + least(p_lease, interval '1 hour')
    from due where p.id = due.id returning p.id, p.domain, p.token;
end $$;

-- What a case says was signed was signed in this very transaction: whoever has the curation login alone cannot let a case say again now
-- what somebody signed before. The login cannot choose when a decision was received.
create or replace function complaint.record_suspension(p_reference text, p_person text, p_reason text, p_until timestamptz) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_lead complaint.dossier := complaint.lead_for(p_reference, p_person);
begin
  if not exists (select from curation.decision where case_reference = v_lead.reference and kind = 'suspension' and person = p_person and received_at >= now()) then
    raise exception 'nothing was suspended for this case' using errcode = 'check_violation', constraint = 'case_says_what_was_signed';
  end if;
  update complaint.dossier set suspended = true where reference = v_lead.reference;
  perform complaint.start_clock(v_lead.reference, 'suspension', p_until);
  perform complaint.add_event(v_lead.reference, 'suspended', p_person, true, jsonb_build_object('until', to_char(p_until at time zone 'UTC', 'YYYY-MM-DD')), p_reason);
  perform complaint.note_due(v_lead.reference);
  perform complaint.tell(d.reference, 'news', clock_timestamp(), null) from complaint.dossier d join complaint.complaint c using (reference)
  where (d.reference = v_lead.reference or d.leader = v_lead.reference) and c.proof_state = 'proven';
end $$;

create or replace function complaint.record_suspension_end(p_reference text, p_person text, p_reason text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_lead complaint.dossier := complaint.lead_for(p_reference, p_person);
begin
  if not v_lead.suspended or not exists (select from curation.decision where case_reference = v_lead.reference and kind = 'suspension-end' and person = p_person and received_at >= now()) then
    raise exception 'no suspension was ended for this case' using errcode = 'check_violation', constraint = 'case_says_what_was_signed';
  end if;
  update complaint.dossier set suspended = false where reference = v_lead.reference;
  perform complaint.end_clocks(v_lead.reference, array['suspension']);
  perform complaint.add_event(v_lead.reference, 'suspension-ended', p_person, true, '{}', p_reason);
  perform complaint.note_due(v_lead.reference);
  perform complaint.tell(d.reference, 'news', clock_timestamp(), null) from complaint.dossier d join complaint.complaint c using (reference)
  where (d.reference = v_lead.reference or d.leader = v_lead.reference) and c.proof_state = 'proven';
end $$;

create or replace function complaint.record_outcome(p_reference text, p_person text, p_outcome text, p_criterion text, p_reason text) returns void
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
  elsif not exists (select from curation.decision d where d.case_reference = v_lead.reference and d.kind = 'complaint-outcome' and d.outcome = p_outcome and d.person = p_person
    and d.received_at >= now()) then
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
