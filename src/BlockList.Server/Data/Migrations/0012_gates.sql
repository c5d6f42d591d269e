-- publishing: versions that wait for a person, what people decided about them, urgent versions, and alarms.

alter table publishing.version
  add urgent boolean not null default false,
  -- What is decided and not in this version, as a delta from it; null where nothing waits.
  add waiting bytea;
create index version_urgent on publishing.version (list, published_at) where urgent;

alter table publishing.slot
  drop constraint slot_outcome_check,
  add constraint slot_outcome_check check (outcome in ('published', 'unchanged', 'held'));

create table publishing.held (
  id uuid primary key,
  list text not null,
  gates text[] not null check (cardinality(gates) > 0 and gates <@ array['growth', 'shrinkage', 'empty', 'ceiling']),
  -- The newest version when it was held, and the step from it that waits, as the bytes of a delta.
  serial integer not null,
  change bytea not null,
  change_sha256 text not null generated always as (encode(sha256(change), 'hex')) stored,
  added integer not null,
  removed integer not null,
  may_add integer not null,
  may_remove integer not null,
  ledger_position bigint not null,
  evaluated_at timestamptz not null,
  held_at timestamptz not null default clock_timestamp()
);
create index held_of_list on publishing.held (list, held_at desc, id);

create table publishing.held_end (
  held_id uuid primary key references publishing.held,
  outcome text not null check (outcome in ('published', 'overtaken', 'settled')),
  serial integer not null,
  ended_at timestamptz not null default clock_timestamp()
);
create trigger held_append_only before update or delete or truncate on publishing.held
  for each statement execute function house.refuse_change();
create trigger held_end_append_only before update or delete or truncate on publishing.held_end
  for each statement execute function house.refuse_change();

-- Signed by people, verified by the publisher before it means anything.
create table publishing.version_decision (
  position bigint generated always as identity,
  id uuid primary key,
  held_id uuid not null references publishing.held,
  action text not null check (action in ('confirm', 'discard')),
  agency text not null,
  person text not null,
  credential text not null,
  sequence bigint not null check (sequence >= 1),
  previous_sha256 text,
  decided_at timestamptz not null,
  statement bytea not null constraint version_statement_is_short check (octet_length(statement) <= 8192),
  statement_sha256 text not null generated always as (encode(sha256(statement), 'hex')) stored,
  nonce bytea not null check (octet_length(nonce) = 32),
  authenticator_data bytea not null check (octet_length(authenticator_data) <= 4096),
  client_data bytea not null check (octet_length(client_data) <= 4096),
  signature bytea not null check (octet_length(signature) <= 128),
  -- An approver's word to the agents, where there is one.
  approval jsonb check (octet_length(approval::text) <= 8192),
  received_at timestamptz not null default clock_timestamp(),
  constraint version_decision_first_has_no_previous check ((sequence = 1) = (previous_sha256 is null)),
  constraint version_decision_sequence unique (credential, sequence),
  foreign key (credential, person, agency) references access.credential (id, person, agency)
);
create index version_decision_of_held on publishing.version_decision (held_id, position);
create trigger version_decision_append_only before update or delete or truncate on publishing.version_decision
  for each statement execute function house.refuse_change();

create table publishing.version_reason (
  decision_id uuid primary key references publishing.version_decision,
  salt bytea not null check (octet_length(salt) = 32),
  text text not null check (length(text) between 1 and 2000)
);

create function publishing.require_rightful_version_decision() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from access.person p where p.id = new.person and p.roles && array['release-officer', 'list-owner']) then
    raise exception 'the person holds no role that decides about versions' using errcode = 'check_violation', constraint = 'version_decision_person_holds_a_role';
  end if;
  if exists (select from publishing.held_end where held_id = new.held_id) then
    raise exception 'the held version is over' using errcode = 'check_violation', constraint = 'version_decision_while_held';
  end if;
  return new;
end $$;
create trigger version_decision_rightful before insert on publishing.version_decision for each row execute function publishing.require_rightful_version_decision();

alter table publishing.ledger
  drop constraint ledger_kind_check,
  add constraint ledger_kind_check check (kind in ('decision', 'first_publication', 'never_block', 'version')),
  drop constraint ledger_decision_has_its_fields,
  add constraint ledger_decision_has_its_fields
    check ((kind in ('decision', 'never_block', 'version')) = (decision_id is not null and statement is not null and assertion_id is not null and register_version is not null)),
  drop constraint ledger_row_of_an_episode,
  add constraint ledger_row_of_an_episode check ((kind in ('never_block', 'version')) = (episode_id is null)),
  add constraint ledger_row_of_a_list check ((kind = 'never_block') = (list is null));

-- What the publisher made of what people said.
create view publishing.version_verdict as
  select decision_id, outcome, reason from publishing.ledger where kind = 'version';

-- Whoever decides is heard at once. It says nothing but that there is something to read: the publisher looks at the rows.
create function house.tell_publisher() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('blocklist_decided', '');
  return null;
end $$;
create trigger decision_tells_publisher after insert on curation.decision for each statement execute function house.tell_publisher();
create trigger version_decision_tells_publisher after insert on publishing.version_decision for each statement execute function house.tell_publisher();

------------------------------------------------------------------------------------------------------------------
-- Alarms: raised once while their cause stands, told by the worker, acknowledged by a person. Never with a listed name in them.
create table publishing.alarm (
  id uuid primary key,
  cause text not null check (length(cause) between 1 and 200),
  list text not null,
  kind text not null check (kind in ('held', 'expiry', 'stopped', 'ledger', 'verifier', 'log')),
  message text not null check (length(message) between 1 and 2000),
  raised_at timestamptz not null default clock_timestamp(),
  cleared_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  check ((acknowledged_at is null) = (acknowledged_by is null))
);
create unique index alarm_stands_once on publishing.alarm (cause) where cleared_at is null;
create index alarm_newest on publishing.alarm (raised_at desc, id);

create table publishing.alarm_event (
  id bigint generated always as identity primary key,
  alarm_id uuid not null references publishing.alarm,
  event text not null check (event in ('raised', 'cleared', 'acknowledged')),
  at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  -- Null: told, or given up.
  next_attempt_at timestamptz default clock_timestamp(),
  told_at timestamptz,
  problem text check (length(problem) <= 1000)
);
create index alarm_event_due on publishing.alarm_event (next_attempt_at) where next_attempt_at is not null;
create index alarm_event_of_alarm on publishing.alarm_event (alarm_id, id);

create function publishing.note_alarm_event() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into publishing.alarm_event (alarm_id, event) values (new.id, 'raised');
    return null;
  end if;
  if old.cleared_at is null and new.cleared_at is not null then
    insert into publishing.alarm_event (alarm_id, event) values (new.id, 'cleared');
  end if;
  if old.acknowledged_at is null and new.acknowledged_at is not null then
    insert into publishing.alarm_event (alarm_id, event) values (new.id, 'acknowledged');
  end if;
  return null;
end $$;
create trigger alarm_notes_events after insert or update on publishing.alarm for each row execute function publishing.note_alarm_event();

-- False: it is acknowledged, or over.
create function publishing.acknowledge_alarm(p_alarm uuid, p_person text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update publishing.alarm set acknowledged_at = clock_timestamp(), acknowledged_by = p_person
  where id = p_alarm and acknowledged_at is null and cleared_at is null;
  if not found then return false; end if;
  perform oversight.append_audit(p_person, 'alarm.acknowledge', p_alarm::text, '{}'::jsonb);
  return true;
end $$;

-- What the worker has to tell, for a while: a worker that dies leaves it due again when that while is over.
create function publishing.take_alarm_events(p_limit integer) returns table (event_id bigint, event text, at timestamptz, alarm_id uuid, list text, kind text, message text, raised_at timestamptz, acknowledged_by text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    with due as (
      select e.id from publishing.alarm_event e where e.next_attempt_at <= clock_timestamp() and e.at > clock_timestamp() - interval '2 days'
      order by e.next_attempt_at limit least(p_limit, 100) for update skip locked),
    taken as (
      update publishing.alarm_event e set next_attempt_at = clock_timestamp() + interval '1 minute', attempts = e.attempts + 1
      from due where e.id = due.id returning e.id, e.event, e.at, e.alarm_id)
    select t.id, t.event, t.at, a.id, a.list, a.kind, a.message, a.raised_at, a.acknowledged_by
    from taken t join publishing.alarm a on a.id = t.alarm_id order by t.id;
end $$;

-- Told, or when to try again: after 10 s, then twice as long each time, an hour at most, for two days.
create function publishing.record_alarm_told(p_event bigint, p_problem text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update publishing.alarm_event e set
    told_at = case when p_problem is null then clock_timestamp() end,
    problem = left(p_problem, 1000),
    next_attempt_at = case when p_problem is not null and e.at > clock_timestamp() - interval '2 days'
      then clock_timestamp() + least(interval '1 hour', interval '10 seconds' * power(2, least(e.attempts - 1, 10))) end
  where e.id = p_event;
end $$;

grant select, insert on publishing.held, publishing.held_end to blocklist_publisher;
grant select on publishing.version_decision to blocklist_publisher;
grant select on publishing.held, publishing.held_end, publishing.version_decision to blocklist_verifier;
grant select, insert, update (cleared_at, message) on publishing.alarm to blocklist_publisher;
grant select on publishing.held, publishing.held_end, publishing.version_decision, publishing.version_reason, publishing.version_verdict, publishing.alarm, publishing.alarm_event to blocklist_curation;
grant insert (id, held_id, action, agency, person, credential, sequence, previous_sha256, decided_at, statement, nonce, authenticator_data, client_data, signature, approval)
  on publishing.version_decision to blocklist_curation;
grant insert on publishing.version_reason to blocklist_curation;
grant execute on function publishing.acknowledge_alarm(uuid, text) to blocklist_curation;
grant usage on schema publishing to blocklist_worker;
grant execute on function publishing.take_alarm_events(integer), publishing.record_alarm_told(bigint, text) to blocklist_worker;
