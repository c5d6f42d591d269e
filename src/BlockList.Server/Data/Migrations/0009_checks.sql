-- dnschecks: proofs of control of a domain. Agencies and providers ask for one and read what was found; the checker, which
-- faces the servers of strangers, reaches by functions alone what is to be looked for, and never who asked.

do $$
begin
  if not exists (select from pg_roles where rolname = 'blocklist_checker') then
    create role blocklist_checker login;
  end if;
  execute format('grant connect on database %I to blocklist_checker', current_database());
end $$;

create schema dnschecks;

create table dnschecks.proof (
  id uuid primary key,
  domain text collate "C" not null check (domain ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$' and length(domain) <= 253),
  owner_kind text not null check (owner_kind in ('agency', 'provider')),
  owner text not null check (length(owner) between 1 and 64),
  -- 128 random bits.
  token text not null constraint proof_token_is_new unique check (token ~ '^[0-9a-f]{32}$'),
  asked_by text not null check (length(asked_by) between 1 and 200),
  asked_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default clock_timestamp() + interval '14 days',
  -- Null: nothing is looked for any more.
  next_check_at timestamptz default clock_timestamp(),
  checks_made integer not null default 0,
  proven_at timestamptz,
  check (expires_at > asked_at),
  constraint proof_over_is_left_alone check (proven_at is null or next_check_at is null)
);
create index proof_due on dnschecks.proof (next_check_at) where next_check_at is not null;
create index proof_of_owner on dnschecks.proof (owner_kind, owner, id);
create index proof_of_domain on dnschecks.proof (domain, proven_at) where proven_at is not null;

create table dnschecks.proof_answer (
  id bigint generated always as identity primary key,
  proof_id uuid not null references dnschecks.proof,
  at timestamptz not null default clock_timestamp(),
  outcome text not null check (outcome in ('proven', 'absent', 'failed')),
  verdict text not null check (verdict in ('insecure', 'secure', 'bogus')),
  zone text,
  -- Of each server: its name, its address, whether it has the text, and what it said.
  servers jsonb not null check (jsonb_typeof(servers) = 'array' and octet_length(servers::text) <= 65536),
  problem text check (length(problem) <= 1000),
  -- What does not hold proves nothing.
  constraint proof_answer_bogus_proves_nothing check (outcome <> 'proven' or verdict <> 'bogus')
);
create index proof_answer_of_proof on dnschecks.proof_answer (proof_id, id);

create function dnschecks.require_open_proof() returns trigger language plpgsql as $$
declare
  v_proof dnschecks.proof;
begin
  select * into v_proof from dnschecks.proof where id = new.proof_id for update;
  if v_proof.proven_at is not null then
    raise exception 'the proof was found before' using errcode = 'check_violation', constraint = 'proof_answer_not_after_the_proof';
  end if;
  if v_proof.expires_at <= clock_timestamp() then
    raise exception 'the proof has expired' using errcode = 'check_violation', constraint = 'proof_answer_not_after_expiry';
  end if;
  return new;
end $$;
create trigger proof_answer_while_open before insert on dnschecks.proof_answer for each row execute function dnschecks.require_open_proof();
create trigger proof_answer_append_only before update or delete or truncate on dnschecks.proof_answer
  for each statement execute function house.refuse_change();

-- What is due, for a while: a checker that dies leaves it due again when that while is over, and two share the work.
create function dnschecks.take_due(p_limit integer, p_lease interval) returns table (id uuid, domain text, token text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update dnschecks.proof p set next_check_at = null where p.next_check_at <= clock_timestamp() and p.expires_at <= clock_timestamp();
  return query
    with due as (
      select p.id from dnschecks.proof p where p.next_check_at <= clock_timestamp()
      order by p.next_check_at limit least(p_limit, 1000) for update skip locked)
    update dnschecks.proof p set next_check_at = clock_timestamp() + least(p_lease, interval '1 hour')
    from due where p.id = due.id returning p.id, p.domain, p.token;
end $$;

-- What was found, and when to look again: after 1, 5 and 15 minutes, then every hour until it expires. False: it is over.
create function dnschecks.record_answer(p_proof uuid, p_outcome text, p_verdict text, p_zone text, p_servers jsonb, p_problem text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_proof dnschecks.proof;
  v_next timestamptz;
begin
  select * into v_proof from dnschecks.proof where id = p_proof for update;
  if v_proof.id is null or v_proof.proven_at is not null or v_proof.expires_at <= clock_timestamp() then
    update dnschecks.proof set next_check_at = null where id = p_proof;
    return false;
  end if;
  insert into dnschecks.proof_answer (proof_id, outcome, verdict, zone, servers, problem) values (p_proof, p_outcome, p_verdict, p_zone, p_servers, p_problem);
  if p_outcome = 'proven' and not exists (select from jsonb_array_elements(p_servers) as s where (s ->> 'has')::boolean) then
    raise exception 'no server had the text' using errcode = 'check_violation', constraint = 'proof_answer_names_who_had_the_text';
  end if;
  -- Somebody who asked for another look meanwhile published after this one began, perhaps.
  v_next := case when v_proof.next_check_at <= clock_timestamp() then v_proof.next_check_at end;
  v_next := coalesce(v_next, clock_timestamp() + case v_proof.checks_made when 0 then interval '1 minute' when 1 then interval '5 minutes' when 2 then interval '15 minutes' else interval '1 hour' end);
  update dnschecks.proof set checks_made = checks_made + 1,
    proven_at = case when p_outcome = 'proven' then clock_timestamp() end,
    next_check_at = case when p_outcome <> 'proven' and v_next < expires_at then v_next end
  where id = p_proof;
  return true;
end $$;

-- Somebody who has just published the record need not wait. At most one look in 20 seconds: strangers' servers pay for it.
create function dnschecks.recheck(p_proof uuid) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_proof dnschecks.proof;
begin
  select * into v_proof from dnschecks.proof where id = p_proof for update;
  if v_proof.id is null then return 'unknown'; end if;
  if v_proof.proven_at is not null then return 'proven'; end if;
  if v_proof.expires_at <= clock_timestamp() then return 'expired'; end if;
  if v_proof.next_check_at <= clock_timestamp() then return 'due'; end if;
  if exists (select from dnschecks.proof_answer where proof_id = p_proof and at > clock_timestamp() - interval '20 seconds') then return 'too-soon'; end if;
  update dnschecks.proof set next_check_at = clock_timestamp() where id = p_proof;
  return 'due';
end $$;

grant usage on schema dnschecks to blocklist_curation, blocklist_checker;
grant select on dnschecks.proof, dnschecks.proof_answer to blocklist_curation;
grant insert (id, domain, owner_kind, owner, token, asked_by) on dnschecks.proof to blocklist_curation;
grant execute on function dnschecks.recheck(uuid) to blocklist_curation;
grant execute on function dnschecks.take_due(integer, interval), dnschecks.record_answer(uuid, text, text, text, jsonb, text) to blocklist_checker;

grant usage on schema oversight to blocklist_checker;
grant execute on function oversight.append_audit(text, text, text, jsonb) to blocklist_checker;

create schema quartz_checker;
grant usage on schema quartz_checker to blocklist_checker;
alter default privileges in schema quartz_checker grant select, insert, update, delete on tables to blocklist_checker;

-- A proven host is entered for whoever proved it, and soon: domains change hands. The publisher cannot look, and goes by the
-- release officer who signs.
create function dnschecks.require_proof() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.action = 'add' and new.source = 'proven' and not exists (
    select from dnschecks.proof p where p.id = new.proof and p.domain = new.name and p.proven_at > clock_timestamp() - interval '30 days'
      and (p.owner_kind = 'provider' or p.owner = new.agency)) then
    raise exception 'no proof of control holds for this name' using errcode = 'check_violation', constraint = 'register_proven_has_its_proof';
  end if;
  return new;
end $$;
create trigger register_proven_has_its_proof before insert on names.decision for each row execute function dnschecks.require_proof();
