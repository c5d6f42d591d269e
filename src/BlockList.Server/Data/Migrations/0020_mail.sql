-- mail: what people are told by mail, as rows that are written with what they tell of and sent by the worker. A mail has a
-- reference and a link to our own pages, and never a domain name that somebody decides about.

create schema mail;

-- What a template is filled with: these values and no other, each of a form in which no domain name, no line break and no sign
-- that turns the text around can stand. Addresses are paths, which the worker puts behind its own address. The one to confirm is
-- the only one with room for a secret.
create function mail.values_fit(p_template text, p_values jsonb) returns boolean language sql immutable as $$
  select coalesce(jsonb_typeof(p_values) = 'object'
    and p_values ?& case when p_template = 'alarm' then array['kind'] when p_template = 'overdue' then array[]::text[] else array['path'] end
    and not exists (select from jsonb_each(p_values) v where not case
      when jsonb_typeof(v.value) <> 'string' then false
      when v.key = 'path' and p_template = 'confirm' then v.value #>> '{}' ~ '^(/[A-Za-z0-9_-]{1,100}){1,6}$'
      when v.key = 'path' and p_template in ('receipt', 'status-changed', 'question', 'decided', 'appeal-received') then v.value #>> '{}' ~ '^(/[a-z-]{1,40}){1,4}$'
      when v.key = 'until' and p_template in ('receipt', 'question', 'appeal-received') then v.value #>> '{}' ~ '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
      when v.key = 'kind' and p_template = 'alarm' then v.value #>> '{}' ~ '^[a-z-]{1,40}$'
      else false end), false)
$$;

create table mail.message (
  id bigint generated always as identity primary key,
  -- Of the complaint; null for alarms.
  reference text collate "C" check (reference ~ '^BL-[0-9A-HJKMNP-TV-Z]{10}$'),
  -- Null when its time of keeping is over. A dot-atom and a name of letters, digits and hyphens (RFC 5321 section 4.1.2); no quoted ones.
  recipient text collate "C" check (length(recipient) <= 254 and position('@' in recipient) <= 65
    and recipient ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$'),
  language text not null check (language in ('en', 'fr', 'es', 'ar')),
  template text not null check (template in ('receipt', 'confirm', 'status-changed', 'question', 'decided', 'appeal-received', 'overdue', 'alarm')),
  -- Null when they are not needed any more.
  "values" jsonb check ("values" is null or mail.values_fit(template, "values")),
  -- What stands before the @ of the Message-ID: a second copy of the mail, after a crash, has the same one and is known by it.
  message_id text collate "C" not null constraint message_is_written_once unique check (message_id ~ '^[A-Za-z0-9_-]{1,60}(\.[A-Za-z0-9_-]{1,60}){0,3}$'),
  written_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  first_tried_at timestamptz,
  -- Null: it is over.
  next_attempt_at timestamptz default clock_timestamp(),
  sent_at timestamptz,
  failed_at timestamptz,
  -- Why it was not sent when it was last tried.
  problem text check (length(problem) <= 500),
  forgotten_at timestamptz,
  constraint message_reference_but_of_alarms check ((reference is null) = (template = 'alarm')),
  constraint message_ends_once check (num_nonnulls(next_attempt_at, sent_at, failed_at) = 1),
  constraint message_keeps_what_is_to_be_sent check (next_attempt_at is null or (recipient is not null and "values" is not null)),
  constraint message_forgotten_holds_nothing check ((forgotten_at is not null) = (recipient is null) and (forgotten_at is null or ("values" is null and problem is null)))
);
create index message_due on mail.message (next_attempt_at) where next_attempt_at is not null;
create index message_waiting on mail.message (written_at) where next_attempt_at is not null;
create index message_sent on mail.message (sent_at) where sent_at is not null;
create index message_failed on mail.message (failed_at) where failed_at is not null;
create index message_of_reference on mail.message (reference, id);

-- What a case shows of its mails. Without the values: one of them may be a secret.
create view mail.state as
  select id, reference, language, template, written_at, attempts, next_attempt_at, sent_at, failed_at, problem, forgotten_at from mail.message;

-- Writes a mail in the transaction of what it tells of. With a message id of the caller's it is written once, however often it is
-- asked for; false: it was written before.
create function mail.enqueue(p_reference text, p_recipient text, p_language text, p_template text, p_values jsonb, p_message_id text default null) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if p_recipient is null or p_values is null then
    raise exception 'a mail needs its recipient and its values' using errcode = 'check_violation', constraint = 'message_keeps_what_is_to_be_sent';
  end if;
  -- Some days are in no calendar.
  perform (p_values ->> 'until')::date;
  insert into mail.message (reference, recipient, language, template, "values", message_id)
  values (p_reference, p_recipient, p_language, p_template, p_values, coalesce(p_message_id, replace(gen_random_uuid()::text, '-', '')))
  on conflict (message_id) do nothing;
  return found;
end $$;

-- One that is due, for ten minutes, which is longer than a relay is given. A worker that dies leaves it due again after them.
create function mail.claim() returns table (id bigint, attempt integer, message_id text, reference text, recipient text, language text, template text, "values" jsonb, written_at timestamptz)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    update mail.message m set attempts = m.attempts + 1, first_tried_at = coalesce(m.first_tried_at, clock_timestamp()), next_attempt_at = clock_timestamp() + interval '10 minutes'
    where m.id = (select d.id from mail.message d where d.next_attempt_at <= clock_timestamp() order by d.template = 'confirm', d.next_attempt_at limit 1 for update skip locked)
    returning m.id, m.attempts, m.message_id, m.reference, m.recipient, m.language, m.template, m."values", m.written_at;
end $$;

-- What became of a try: 'sent'; 'refused', which ends it; 'later', which is tried again after a minute, then twice as long each
-- time, four hours at most, a quarter more or less by chance, and ends a day after the first try. Returns the mail's state.
create function mail.record(p_id bigint, p_attempt integer, p_outcome text, p_problem text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_message mail.message;
begin
  select * into v_message from mail.message where id = p_id for update;
  if v_message.id is null or v_message.sent_at is not null then return 'over'; end if;
  if p_outcome = 'sent' then
    -- Even if somebody else tries it meanwhile, or gave it up: it is out. A secret is not kept longer than it is needed.
    update mail.message set sent_at = clock_timestamp(), next_attempt_at = null, failed_at = null, problem = null, "values" = case when template <> 'confirm' then "values" end
    where id = p_id;
    return 'sent';
  end if;
  if v_message.next_attempt_at is null or v_message.attempts <> p_attempt then return 'over'; end if;
  if p_outcome = 'refused' or v_message.first_tried_at <= clock_timestamp() - interval '1 day' then
    update mail.message set failed_at = clock_timestamp(), next_attempt_at = null, problem = left(p_problem, 500) where id = p_id;
    return 'failed';
  end if;
  update mail.message set problem = left(p_problem, 500),
    next_attempt_at = clock_timestamp() + least(interval '4 hours', interval '1 minute' * power(2, least(attempts - 1, 10))) * (0.75 + random() / 2)
  where id = p_id;
  return 'waiting';
end $$;

-- Whom a mail went to, with what, and what the relay said of it: 30 days after it was sent, 90 after it failed. That there was one stays.
create function mail.forget() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_forgotten integer;
begin
  update mail.message set recipient = null, "values" = null, problem = null, forgotten_at = clock_timestamp()
  where forgotten_at is null and (sent_at < clock_timestamp() - interval '30 days' or failed_at < clock_timestamp() - interval '90 days');
  get diagnostics v_forgotten = row_count;
  return v_forgotten;
end $$;

-- One address that does not exist is the matter of its case. That nothing goes out at all is an alarm, until something does.
create function mail.watch() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from mail.message where next_attempt_at is not null and written_at < clock_timestamp() - interval '1 hour')
    and not exists (select from mail.message where sent_at > clock_timestamp() - interval '1 hour') then
    insert into publishing.alarm (id, cause, list, kind, message)
    values (gen_random_uuid(), 'mail', '', 'mail', 'No mail was sent for an hour, and some wait. The worker''s log says why: look at the relay, and at [Mail] in the worker''s configuration. A mail is given up a day after it was first tried.')
    on conflict (cause) where cleared_at is null do nothing;
  else
    update publishing.alarm a set cleared_at = clock_timestamp()
    where a.cause = 'mail' and a.cleared_at is null and exists (select from mail.message where sent_at > a.raised_at);
  end if;
end $$;

alter table publishing.alarm
  drop constraint alarm_kind_check,
  add constraint alarm_kind_check check (kind in ('held', 'expiry', 'stopped', 'ledger', 'verifier', 'log', 'mail'));

grant usage on schema mail to blocklist_curation, blocklist_worker;
grant select on mail.state to blocklist_curation;
grant execute on function mail.enqueue(text, text, text, text, jsonb, text) to blocklist_curation, blocklist_worker;
grant execute on function mail.claim(), mail.record(bigint, integer, text, text), mail.forget(), mail.watch() to blocklist_worker;
