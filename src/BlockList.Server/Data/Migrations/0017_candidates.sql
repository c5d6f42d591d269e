-- verifying: what whoever has the publisher's login, and nothing else of it, can no longer say.

-- When a candidate came is the database's to say: decisions count as kept back from then on.
revoke insert on publishing.candidate from blocklist_publisher;
grant insert (id, list, serial, form, targets_version, ledger_position, evaluated_at, register_version, suffixes_sha256, previous_serial, previous_sha256, list_sha256, content, signed, expires_at)
  on publishing.candidate to blocklist_publisher;

-- What no publisher writes would be looked at for ever.
alter table publishing.candidate
  add constraint candidate_goes_on_from_a_version check (previous_serial >= 1),
  add constraint candidate_ends_soon check (expires_at <= created_at + interval '1 hour'),
  add constraint candidate_instant_is_one check (evaluated_at between timestamptz '2000-01-01 00:00+00' and timestamptz '9999-01-01 00:00+00');

-- What each signed version changed that nobody had confirmed: limits of a day are limits of all its versions together.
create table verifying.step (
  list text not null,
  serial integer not null,
  -- 0 for a version that went on from none.
  previous_serial integer not null check (previous_serial >= 0),
  added integer not null,
  -- Taken off at once; what waited for the slot is none of it.
  freed integer not null,
  derived_for timestamptz not null,
  code bytea not null,
  primary key (list, serial)
);
create index step_of_day on verifying.step (list, derived_for);
create trigger step_append_only before update or delete or truncate on verifying.step
  for each statement execute function house.refuse_change();
grant select, insert on verifying.step to blocklist_verifier;

------------------------------------------------------------------------------------------------------------------
-- Alarms of a publisher bear its name and the reason. What another one raised ends when it was not seen for long: it may be gone.
alter table publishing.alarm add seen_at timestamptz not null default clock_timestamp();
grant update (seen_at) on publishing.alarm to blocklist_publisher;
-- Of the form before; what still stands is raised again by the next look.
update publishing.alarm set cleared_at = clock_timestamp() where cleared_at is null and cause like 'stopped:%';

-- An agent that knows another log than ours: an alarm until the same provider's next receipt agrees.
create function distribution.note_log_alarm() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_cause text := 'log:' || new.list || ':' || new.provider_id;
begin
  if new.log_differs then
    insert into publishing.alarm (id, cause, list, kind, message)
    select gen_random_uuid(), v_cause, new.list, 'log', left('The agent of ' || p.name || ' knows another transparency log of list ' || new.list || ' than ours. Either it was shown another list than everybody, which takes keys of the list, or leaves of our log are gone. Call the provider, and compare the checkpoints as the runbook says (page Log).', 2000)
    from providers.provider p where p.id = new.provider_id
    on conflict (cause) where cleared_at is null do nothing;
  elsif new.log_differs = false then
    update publishing.alarm set cleared_at = clock_timestamp() where cause = v_cause and cleared_at is null;
  end if;
  return null;
end $$;
create trigger receipt_notes_log_alarm after insert on distribution.receipt for each row execute function distribution.note_log_alarm();
