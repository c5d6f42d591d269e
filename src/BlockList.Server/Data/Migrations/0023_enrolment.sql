-- providers: certificates that providers ask for. The portal and distribution take what is asked, the issuer makes the certificate. None
-- of the three can let in a key of its own choice: a code is proven for one key by whoever has the code, a renewal is signed by the key
-- that it takes over from, and the issuer's login writes a certificate for a request that is there.

do $$
begin
  if not exists (select from pg_roles where rolname = 'blocklist_issuer') then
    create role blocklist_issuer login;
  end if;
  execute format('grant connect on database %I to blocklist_issuer', current_database());
end $$;

-- In which its people are written to.
alter table providers.provider add language text not null default 'en' check (language in ('en', 'fr', 'es', 'ar'));

-- Of the public key (SubjectPublicKeyInfo, DER): a key has one certificate, ever. Null for those that were enrolled before it was kept.
alter table providers.certificate add key_sha256 bytea check (length(key_sha256) = 32);
create unique index certificate_of_key on providers.certificate (key_sha256);

-- Codes of one use. The code itself is known to whoever gave it and whoever got it.
create table providers.code (
  id uuid primary key default gen_random_uuid(),
  provider_id uuid not null references providers.provider,
  -- The first five signs, by which it is found. The twenty others are the secret.
  handle text collate "C" not null unique check (handle ~ '^[0-9A-HJKMNP-TV-Z]{5}$'),
  code_sha256 bytea not null check (length(code_sha256) = 32),
  made_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default clock_timestamp() + interval '7 days',
  tries integer not null default 0 check (tries between 0 and 5),
  used_at timestamptz,
  -- Another was made in its place.
  ended_at timestamptz,
  constraint code_expires_within_two_weeks check (expires_at > made_at and expires_at <= made_at + interval '14 days')
);
create unique index code_open_once on providers.code (provider_id) where used_at is null and ended_at is null;

-- A certificate that is asked for, by a code or by a certificate.
create table providers.request (
  id uuid primary key default gen_random_uuid(),
  provider_id uuid not null references providers.provider,
  code_id uuid unique references providers.code,
  renews text references providers.certificate,
  -- What it takes over from, DER, and the signature by its key over the request.
  renewed bytea check (octet_length(renewed) <= 8192),
  signature bytea check (octet_length(signature) <= 2048),
  csr bytea not null check (octet_length(csr) between 1 and 8192),
  key_sha256 bytea not null unique check (length(key_sha256) = 32),
  asked_at timestamptz not null default clock_timestamp(),
  state text not null default 'open' check (state in ('open', 'issued', 'refused')),
  answered_at timestamptz,
  refusal text check (length(refusal) between 1 and 500),
  certificate_sha256 text references providers.certificate,
  certificate bytea,
  constraint request_has_one_origin check (num_nonnulls(code_id, renews) = 1 and num_nonnulls(renews, renewed, signature) in (0, 3)),
  constraint request_says_what_became_of_it check ((state = 'open') = (answered_at is null) and (state = 'refused') = (refusal is not null)
    and (state = 'issued') = (certificate is not null) and (certificate is null) = (certificate_sha256 is null))
);
create index request_open on providers.request (asked_at) where state = 'open';
create unique index request_renews_once_at_a_time on providers.request (renews) where state = 'open';

------------------------------------------------------------------------------------------------------------------
-- Revoked itself, or renewed from one that was.
create function providers.is_revoked(p_sha256 text) returns boolean language sql stable as $$
  with recursive origin as (
    select sha256, renewed_from, revoked_at from providers.certificate where sha256 = p_sha256
    union
    select c.sha256, c.renewed_from, c.revoked_at from providers.certificate c join origin o on c.sha256 = o.renewed_from)
  select exists (select from origin where revoked_at is not null)
$$;

create function providers.valid_certificates(p_provider uuid) returns integer language sql stable as $$
  select count(*)::int from providers.certificate where provider_id = p_provider and not_after > clock_timestamp() and not providers.is_revoked(sha256)
$$;

-- What became of a request, for whoever showed that it is theirs.
create function providers.answer_to(p_request providers.request, out outcome text, out certificate bytea, out refusal text) language sql immutable as $$
  select case p_request.state when 'open' then 'waiting' else p_request.state end, p_request.certificate, p_request.refusal
$$;

------------------------------------------------------------------------------------------------------------------
-- A code for a provider; one that is open ends. Null: no such provider, or it is suspended.
create function providers.make_code(p_provider uuid, p_handle text, p_code_sha256 bytea, p_actor text) returns timestamptz
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_code providers.code;
begin
  perform from providers.provider where id = p_provider and suspended_at is null for no key update;
  if not found then return null; end if;
  update providers.code set ended_at = clock_timestamp() where provider_id = p_provider and used_at is null and ended_at is null;
  insert into providers.code (provider_id, handle, code_sha256) values (p_provider, p_handle, p_code_sha256) returning * into v_code;
  perform oversight.append_audit(p_actor, 'code.make', p_provider::text, jsonb_build_object('code', v_code.id));
  return v_code.expires_at;
end $$;

-- Asks for a certificate by a code, or what became of it: the same code and key ask as often as they like. The proof is SHA-256 over
-- the code's hash and the key's, 32 bytes each: whoever carries it can use it for no other key.
-- 'waiting', 'issued', 'refused'; 'wrong'; and to whoever has the code: 'expired', 'ended', 'used', 'suspended', 'enough', 'key-in-use'.
create function providers.enrol(p_handle text, p_proof bytea, p_csr bytea, p_key_sha256 bytea, out outcome text, out certificate bytea, out refusal text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_code providers.code;
  v_request providers.request;
begin
  -- The provider first, as everybody does here, so that two of these never wait for each other; receipts go on meanwhile.
  perform from providers.provider where id = (select provider_id from providers.code where handle = p_handle) for no key update;
  select * into v_code from providers.code where handle = p_handle for update;
  if v_code.id is null then
    outcome := 'wrong';
    return;
  end if;
  if length(p_key_sha256) is distinct from 32 or sha256(v_code.code_sha256 || p_key_sha256) is distinct from p_proof then
    if v_code.used_at is null and v_code.tries < 5 then
      update providers.code set tries = tries + 1 where id = v_code.id;
      if v_code.tries = 4 then perform oversight.append_audit('enrolment', 'code.tried-out', v_code.provider_id::text, jsonb_build_object('code', v_code.id)); end if;
    end if;
    outcome := 'wrong';
    return;
  end if;
  if v_code.used_at is not null then
    select * into v_request from providers.request where code_id = v_code.id;
    if v_request.key_sha256 <> p_key_sha256 then
      outcome := 'used';
      return;
    end if;
    select a.outcome, a.certificate, a.refusal into outcome, certificate, refusal from providers.answer_to(v_request) a;
    return;
  end if;
  outcome := case
    when v_code.ended_at is not null or v_code.tries >= 5 then 'ended'
    when v_code.expires_at <= clock_timestamp() then 'expired'
    when exists (select from providers.provider where id = v_code.provider_id and suspended_at is not null) then 'suspended'
    when exists (select from providers.certificate where key_sha256 = p_key_sha256) or exists (select from providers.request where key_sha256 = p_key_sha256) then 'key-in-use'
    when providers.valid_certificates(v_code.provider_id) >= 2 then 'enough' end;
  if outcome is not null then return; end if;
  insert into providers.request (provider_id, code_id, csr, key_sha256) values (v_code.provider_id, v_code.id, p_csr, p_key_sha256);
  update providers.code set used_at = clock_timestamp() where id = v_code.id;
  perform oversight.append_audit('enrolment', 'certificate.ask', v_code.provider_id::text, jsonb_build_object('code', v_code.id, 'key', encode(p_key_sha256, 'hex')));
  perform pg_notify('certificate_request', '');
  outcome := 'waiting';
exception when unique_violation then
  outcome := 'key-in-use';
end $$;

-- Asks for the certificate that takes over from one that is valid now, or what became of it. The signature is checked by the issuer,
-- who has the key of neither side: whoever may only execute this cannot have a key of theirs certified.
-- 'waiting', 'issued', 'refused'; 'not-valid', 'other-waits', 'enough', 'key-in-use'.
create function providers.request_renewal(p_renews text, p_renewed bytea, p_csr bytea, p_key_sha256 bytea, p_signature bytea, out outcome text, out certificate bytea, out refusal text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_origin providers.certificate;
  v_request providers.request;
begin
  select * into v_origin from providers.certificate where sha256 = p_renews;
  if v_origin.sha256 is null or encode(sha256(p_renewed), 'hex') <> p_renews then
    outcome := 'not-valid';
    return;
  end if;
  perform from providers.provider where id = v_origin.provider_id for no key update;
  select * into v_request from providers.request where key_sha256 = p_key_sha256 and renews = p_renews;
  if v_request.id is not null then
    select a.outcome, a.certificate, a.refusal into outcome, certificate, refusal from providers.answer_to(v_request) a;
    return;
  end if;
  outcome := case
    when providers.is_revoked(p_renews) or v_origin.not_after <= clock_timestamp() or exists (select from providers.provider where id = v_origin.provider_id and suspended_at is not null) then 'not-valid'
    when exists (select from providers.request where renews = p_renews and state = 'open') then 'other-waits'
    when exists (select from providers.certificate where key_sha256 = p_key_sha256) or exists (select from providers.request where key_sha256 = p_key_sha256) then 'key-in-use'
    when providers.valid_certificates(v_origin.provider_id) >= 2 then 'enough' end;
  if outcome is not null then return; end if;
  insert into providers.request (provider_id, renews, renewed, signature, csr, key_sha256) values (v_origin.provider_id, p_renews, p_renewed, p_signature, p_csr, p_key_sha256);
  perform oversight.append_audit('certificate:' || p_renews, 'certificate.ask', v_origin.provider_id::text, jsonb_build_object('renews', p_renews, 'key', encode(p_key_sha256, 'hex')));
  perform pg_notify('certificate_request', '');
  outcome := 'waiting';
exception when unique_violation then
  outcome := 'key-in-use';
end $$;

------------------------------------------------------------------------------------------------------------------
-- What the issuer does.
create function providers.open_requests(p_limit integer) returns table (id uuid, provider_id uuid, csr bytea, key_sha256 bytea, renewed bytea, signature bytea)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, r.provider_id, r.csr, r.key_sha256, r.renewed, r.signature from providers.request r where r.state = 'open' order by r.asked_at limit p_limit
$$;

-- 'issued', 'enough', 'not-valid' (both refuse the request), 'over' where somebody answered before.
create function providers.record_certificate(p_request uuid, p_certificate bytea, p_not_before timestamptz, p_not_after timestamptz) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_request providers.request;
  v_sha256 text := encode(sha256(p_certificate), 'hex');
  v_refusal text;
begin
  select * into v_request from providers.request where id = p_request;
  if v_request.id is null then return 'over'; end if;
  -- Who counts valid certificates, or suspends, holds this row too.
  perform from providers.provider where id = v_request.provider_id for no key update;
  select * into v_request from providers.request where id = p_request for update;
  if v_request.state <> 'open' then return 'over'; end if;
  if p_not_after - p_not_before > interval '91 days' or p_not_after > clock_timestamp() + interval '91 days' then
    raise exception 'a certificate is for 90 days' using errcode = 'check_violation';
  end if;
  v_refusal := case
    when exists (select from providers.provider where id = v_request.provider_id and suspended_at is not null) then 'The provider was suspended.'
    when v_request.renews is not null and providers.is_revoked(v_request.renews) then 'The certificate that it was to take over from was revoked.'
    when providers.valid_certificates(v_request.provider_id) >= 2 then 'The provider has two valid certificates. Ask the operator to revoke the one that is not used.' end;
  if v_refusal is not null then
    perform providers.refuse_request(p_request, v_refusal);
    return 'refused';
  end if;
  insert into providers.certificate (sha256, provider_id, not_before, not_after, renewed_from, key_sha256)
  values (v_sha256, v_request.provider_id, p_not_before, p_not_after, v_request.renews, v_request.key_sha256);
  update providers.request set state = 'issued', answered_at = clock_timestamp(), certificate_sha256 = v_sha256, certificate = p_certificate where id = p_request;
  perform oversight.append_audit('issuer', 'certificate.issue', v_request.provider_id::text,
    jsonb_build_object('certificate', v_sha256, 'request', p_request, 'renewed_from', v_request.renews));
  perform providers.tell_contact(v_request.provider_id, case when v_request.renews is null then 'certificate-made' else 'certificate-renewed' end, p_not_after, 'certificate.' || left(v_sha256, 40));
  return 'issued';
end $$;

create function providers.refuse_request(p_request uuid, p_refusal text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_provider uuid;
begin
  update providers.request set state = 'refused', answered_at = clock_timestamp(), refusal = p_refusal where id = p_request and state = 'open' returning provider_id into v_provider;
  if v_provider is null then return false; end if;
  perform oversight.append_audit('issuer', 'certificate.refuse', v_provider::text, jsonb_build_object('request', p_request, 'reason', p_refusal));
  return true;
end $$;

------------------------------------------------------------------------------------------------------------------
-- Mails to the people who run the filter, where they gave an address.
create or replace function mail.values_fit(p_template text, p_values jsonb) returns boolean language sql immutable as $$
  select coalesce(jsonb_typeof(p_values) = 'object'
    and p_values ?& case when p_template = 'alarm' then array['kind'] when p_template = 'overdue' or p_template like 'application-%' then array[]::text[]
      when p_template like 'certificate-%' then array['until'] else array['path'] end
    and not exists (select from jsonb_each(p_values) v where not case
      when jsonb_typeof(v.value) <> 'string' then false
      when v.key = 'path' and p_template = 'confirm' then v.value #>> '{}' ~ '^(/[A-Za-z0-9_-]{1,100}){1,6}$'
      when v.key = 'path' and p_template in ('receipt', 'status-changed', 'question', 'decided', 'appeal-received') then v.value #>> '{}' ~ '^(/[a-z-]{1,40}){1,4}$'
      when v.key = 'until' and p_template in ('receipt', 'question', 'appeal-received', 'certificate-made', 'certificate-renewed', 'certificate-ends')
        then v.value #>> '{}' ~ '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
      when v.key = 'kind' and p_template = 'alarm' then v.value #>> '{}' ~ '^[a-z-]{1,40}$'
      else false end), false)
$$;

alter table mail.message
  drop constraint message_template_check,
  add constraint message_template_check check (template in ('receipt', 'confirm', 'status-changed', 'question', 'decided', 'appeal-received', 'overdue', 'alarm',
    'certificate-made', 'certificate-renewed', 'certificate-ends', 'application-received', 'application-approved', 'application-refused')),
  drop constraint message_reference_but_of_alarms,
  add constraint message_reference_of_complaints check ((reference is null) = (template = 'alarm' or template like 'certificate-%' or template like 'application-%'));

-- A contact may be a telephone number; then nobody is written to.
create function providers.tell_contact(p_provider uuid, p_template text, p_until timestamptz, p_message_id text) returns boolean language plpgsql as $$
declare
  v_provider providers.provider;
begin
  select * into v_provider from providers.provider where id = p_provider;
  return mail.enqueue(null, v_provider.contact, v_provider.language, p_template, jsonb_build_object('until', to_char(p_until at time zone 'UTC', 'YYYY-MM-DD')), p_message_id);
exception when check_violation then
  return false;
end $$;

-- 30, 14 and 3 days before the last valid certificate of a provider ends, each once. After a pause only what is true now is told.
create function providers.tell_ending_at(p_now timestamptz) returns integer language plpgsql as $$
declare
  v_last record;
  v_days integer;
  v_told integer := 0;
begin
  for v_last in
    select distinct on (c.provider_id) c.provider_id, c.sha256, c.not_after from providers.certificate c join providers.provider p on p.id = c.provider_id
    where p.suspended_at is null and c.not_after > p_now and not providers.is_revoked(c.sha256) order by c.provider_id, c.not_after desc
  loop
    continue when v_last.not_after > p_now + interval '30 days';
    v_days := case when v_last.not_after <= p_now + interval '3 days' then 3 when v_last.not_after <= p_now + interval '14 days' then 14 else 30 end;
    if providers.tell_contact(v_last.provider_id, 'certificate-ends', v_last.not_after, 'certificate-ends.' || left(v_last.sha256, 40) || '.' || v_days) then v_told := v_told + 1; end if;
  end loop;
  return v_told;
end $$;

create function providers.tell_ending() returns integer
  language sql security definer set search_path = pg_catalog, pg_temp as $$ select providers.tell_ending_at(clock_timestamp()) $$;

------------------------------------------------------------------------------------------------------------------
-- Whoever wants to become a provider says so on the public site; a provider manager looks at it.
create table providers.application (
  id uuid primary key,
  received_at timestamptz not null default clock_timestamp(),
  language text not null check (language in ('en', 'fr', 'es', 'ar')),
  organisation text not null check (length(organisation) between 1 and 200),
  country text not null check (length(country) between 1 and 80),
  person text not null check (length(person) between 1 and 200),
  email text not null check (length(email) between 3 and 254),
  telephone text not null check (length(telephone) between 3 and 60),
  -- Numbers of autonomous systems (RFC 6793).
  networks bigint[] not null check (cardinality(networks) between 1 and 50 and 1 <= all (networks) and 4294967295 >= all (networks)),
  resolvers text not null check (length(resolvers) between 1 and 500),
  -- Its own, in A-labels: for the never-block register, once they are proven.
  domains text[] not null check (cardinality(domains) <= 20),
  state text not null default 'open' check (state in ('open', 'approved', 'refused')),
  decided_at timestamptz,
  decided_by text references access.person,
  reason text check (length(reason) between 1 and 1000),
  provider_id uuid references providers.provider,
  constraint application_decided_by_somebody check ((state = 'open') = (decided_at is null) and (state = 'open') = (decided_by is null)
    and (state = 'refused') = (reason is not null) and (state = 'approved') = (provider_id is not null))
);
create index application_open on providers.application (received_at) where state = 'open';
create index application_decided on providers.application (decided_at) where state <> 'open';
create index application_of_address on providers.application (email, received_at);

-- 'taken', also where it was taken before; 'enough': three of an address in a day, or five hundred that nobody has looked at.
create function providers.apply(p_id uuid, p_language text, p_organisation text, p_country text, p_person text, p_email text, p_telephone text, p_networks bigint[], p_resolvers text, p_domains text[]) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from providers.application where id = p_id) then return 'taken'; end if;
  if (select count(*) from providers.application where email = p_email and received_at > clock_timestamp() - interval '1 day') >= 3
    or (select count(*) from providers.application where state = 'open') >= 500 then return 'enough'; end if;
  insert into providers.application (id, language, organisation, country, person, email, telephone, networks, resolvers, domains)
  values (p_id, p_language, p_organisation, p_country, p_person, p_email, p_telephone, p_networks, p_resolvers, p_domains) on conflict (id) do nothing;
  if found then perform mail.enqueue(null, p_email, p_language, 'application-received', '{}', 'application.' || p_id); end if;
  return 'taken';
end $$;

create function providers.require_manager(p_person text) returns void language plpgsql as $$
begin
  perform from access.person where id = p_person and left_at is null and 'provider-manager' = any (roles) for share;
  if not found then raise exception 'this person manages no providers' using errcode = 'check_violation', constraint = 'application_by_a_manager'; end if;
end $$;

-- Makes the provider with its lists and a code, all or nothing. 'approved', 'decided' (by somebody before), 'name-taken', 'no-such-list'.
create function providers.approve(p_application uuid, p_person text, p_provider uuid, p_name text, p_lists text[], p_handle text, p_code_sha256 bytea) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_application providers.application;
begin
  perform providers.require_manager(p_person);
  select * into v_application from providers.application where id = p_application for update;
  if v_application.id is null or v_application.state <> 'open' then return 'decided'; end if;
  if coalesce(cardinality(p_lists), 0) = 0 or exists (select from unnest(p_lists) l where l not in (select id from criteria.list)) then return 'no-such-list'; end if;
  if exists (select from providers.provider where name = p_name) then return 'name-taken'; end if;
  insert into providers.provider (id, name, contact, language) values (p_provider, p_name, v_application.email, v_application.language);
  insert into providers.provider_list (provider_id, list) select distinct p_provider, l from unnest(p_lists) l;
  update providers.application set state = 'approved', decided_at = clock_timestamp(), decided_by = p_person, provider_id = p_provider where id = p_application;
  perform oversight.append_audit(p_person, 'provider.register', p_provider::text, jsonb_build_object('application', p_application, 'lists', to_jsonb(p_lists)));
  perform providers.make_code(p_provider, p_handle, p_code_sha256, p_person);
  perform mail.enqueue(null, v_application.email, v_application.language, 'application-approved', '{}', 'application-approved.' || p_application);
  return 'approved';
exception when unique_violation then
  return 'name-taken';
end $$;

create function providers.refuse(p_application uuid, p_person text, p_reason text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_application providers.application;
begin
  perform providers.require_manager(p_person);
  update providers.application set state = 'refused', decided_at = clock_timestamp(), decided_by = p_person, reason = p_reason where id = p_application and state = 'open' returning * into v_application;
  if v_application.id is null then return 'decided'; end if;
  perform oversight.append_audit(p_person, 'application.refuse', p_application::text, '{}');
  perform mail.enqueue(null, v_application.email, v_application.language, 'application-refused', '{}', 'application-refused.' || p_application);
  return 'refused';
end $$;

-- The root in force of each list, for the bundle.
create function providers.roots(p_lists text[]) returns table (list text, content bytea)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select f.list, f.content from publishing.head h join publishing.file f on f.list = h.list and f.path = 'tuf/' || h.root_version || '.root.json' where h.list = any (p_lists) order by f.list
$$;

-- What was typed for an application that was refused goes after 90 days.
create function providers.forget_applications() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_gone integer;
begin
  delete from providers.application where state = 'refused' and decided_at < clock_timestamp() - interval '90 days';
  get diagnostics v_gone = row_count;
  return v_gone;
end $$;

------------------------------------------------------------------------------------------------------------------
grant select on providers.application to blocklist_curation;
grant execute on function providers.apply(uuid, text, text, text, text, text, text, bigint[], text, text[]) to blocklist_portal;
grant execute on function providers.approve(uuid, text, uuid, text, text[], text, bytea), providers.refuse(uuid, text, text), providers.roots(text[]) to blocklist_curation;
grant execute on function providers.forget_applications() to blocklist_worker;
grant usage on schema providers to blocklist_portal, blocklist_issuer, blocklist_worker;
grant execute on function providers.make_code(uuid, text, bytea, text) to blocklist_curation;
grant execute on function providers.enrol(text, bytea, bytea, bytea) to blocklist_portal;
grant execute on function providers.request_renewal(text, bytea, bytea, bytea, bytea) to blocklist_distribution;
grant execute on function providers.open_requests(integer), providers.record_certificate(uuid, bytea, timestamptz, timestamptz), providers.refuse_request(uuid, text) to blocklist_issuer;
grant execute on function providers.tell_ending() to blocklist_worker;
