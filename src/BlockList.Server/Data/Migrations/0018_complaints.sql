-- complaint: people who say that a listing is wrong. The portal faces everybody and is the likeliest to be taken over: its login
-- reads no table and executes the functions at the end of this file, none of which reads a list before control of the name is proven.

do $$
begin
  if not exists (select from pg_roles where rolname = 'blocklist_portal') then
    create role blocklist_portal login;
  end if;
  execute format('grant connect on database %I to blocklist_portal', current_database());
end $$;

create schema complaint;

create table complaint.complaint (
  -- What mails, statements and people call it. Ten of 32 signs, none of which looks like another.
  reference text collate "C" primary key check (reference ~ '^BL-[0-9A-HJKMNP-TV-Z]{10}$'),
  -- Of the secret that was shown once, keyed by the portal's own secret.
  secret_sha256 bytea not null check (length(secret_sha256) = 32),
  -- Who complains: owner of the domain, its host, a customer of a host, somebody who wanted to visit it.
  party text not null check (party in ('owner', 'host', 'customer', 'visitor')),
  kind text not null check (kind in ('never', 'cleaned', 'new-owner', 'shared', 'technical')),
  domain text collate "C" not null check (domain ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$' and length(domain) <= 253),
  -- One label below a public suffix, by the rules of the day: whoever proves it may know of entries below it.
  is_registrable boolean not null,
  language text not null check (language in ('en', 'fr', 'es', 'ar')),
  -- When it was cleaned, or taken over.
  since date,
  -- What the person wrote; null when its time of keeping is over.
  text text check (length(text) between 1 and 5000),
  received_at timestamptz not null default clock_timestamp(),
  -- Null while the link in the mail was not opened; nobody reads it until then.
  confirmed_at timestamptz,
  state text not null default 'open' check (state in ('unconfirmed', 'open')),
  proof_state text not null default 'none' check (proof_state in ('none', 'asked', 'proven')),
  proof_method text check (proof_method in ('txt', 'letter')),
  proof_at timestamptz,
  constraint complaint_unconfirmed_is_not_confirmed check ((state = 'unconfirmed') = (confirmed_at is null)),
  constraint complaint_proof_has_method_and_time check ((proof_state = 'proven') = (proof_method is not null and proof_at is not null))
);
create index complaint_of_domain on complaint.complaint (domain, received_at);
create index complaint_unconfirmed on complaint.complaint (received_at) where state = 'unconfirmed';

-- Personal data, in a table of its own that has its own time of keeping.
create table complaint.person (
  reference text collate "C" primary key references complaint.complaint on delete cascade,
  email text not null check (length(email) <= 254 and email ~ '^[^[:space:][:cntrl:]<>",;:\\()@]+@[^[:space:][:cntrl:]@]+$')
);
create index person_by_email on complaint.person (lower(email));

create table complaint.confirmation (
  reference text collate "C" primary key references complaint.complaint on delete cascade,
  token_sha256 bytea not null check (length(token_sha256) = 32),
  expires_at timestamptz not null default clock_timestamp() + interval '7 days'
);

-- What the person is to be told by mail. Written in the transaction of what happened; whoever sends it takes it from here.
create table complaint.notice (
  id bigint generated always as identity primary key,
  reference text collate "C" not null references complaint.complaint on delete cascade,
  what text not null check (what in ('receipt', 'confirm')),
  language text not null check (language in ('en', 'fr', 'es', 'ar')),
  -- Where to confirm. It holds a secret: null once it was sent.
  link text check (length(link) <= 500),
  at timestamptz not null default clock_timestamp()
);
create index notice_of_complaint on complaint.notice (reference, id);

-- The one who has reference and secret.
create function complaint.find(p_reference text, p_secret_sha256 bytea) returns complaint.complaint language sql stable as $$
  select c from complaint.complaint c where c.reference = p_reference and c.secret_sha256 = p_secret_sha256
$$;

-- Takes a complaint; sent again, it is the same one. 'received'; 'mail' where a link must be opened first; 'known'; 'taken' where the
-- reference is somebody else's; 'enough' where the address got as many links as one person needs.
create function complaint.submit(p_reference text, p_secret_sha256 bytea, p_party text, p_kind text, p_domain text, p_is_registrable boolean, p_language text,
  p_since date, p_text text, p_email text, p_token_sha256 bytea, p_link text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_found complaint.complaint;
  v_mails integer := 0;
begin
  -- What nobody confirmed is gone, a few with each that comes.
  delete from complaint.complaint where reference in (
    select reference from complaint.complaint where state = 'unconfirmed' and received_at < clock_timestamp() - interval '7 days' order by received_at limit 20 for update skip locked);
  if p_email is not null then
    perform pg_advisory_xact_lock(hashtext('complaint mail'), hashtext(lower(p_email)));
    select count(*) into v_mails from complaint.person p join complaint.notice n on n.reference = p.reference
    where lower(p.email) = lower(p_email) and n.at > clock_timestamp() - interval '1 day' and p.reference <> p_reference;
  end if;
  -- A stranger's address is not to be flooded through us.
  if p_token_sha256 is not null and v_mails >= 5 then
    return 'enough';
  end if;
  insert into complaint.complaint (reference, secret_sha256, party, kind, domain, is_registrable, language, since, text, state, confirmed_at)
  values (p_reference, p_secret_sha256, p_party, p_kind, p_domain, p_is_registrable, p_language, p_since, p_text,
    case when p_token_sha256 is null then 'open' else 'unconfirmed' end, case when p_token_sha256 is null then clock_timestamp() end)
  on conflict (reference) do nothing;
  if not found then
    select * into v_found from complaint.complaint where reference = p_reference for update;
    if v_found.secret_sha256 <> p_secret_sha256 then return 'taken'; end if;
    if v_found.state <> 'unconfirmed' then return 'known'; end if;
    if p_token_sha256 is not null then return 'mail'; end if;
    update complaint.complaint set state = 'open', confirmed_at = clock_timestamp() where reference = p_reference;
    perform oversight.append_audit('complainant', 'complaint.submit', p_reference, jsonb_build_object('party', v_found.party, 'kind', v_found.kind));
    return 'received';
  end if;
  if p_email is not null then
    insert into complaint.person (reference, email) values (p_reference, p_email);
    if v_mails < 5 then
      insert into complaint.notice (reference, what, language, link)
      values (p_reference, case when p_token_sha256 is null then 'receipt' else 'confirm' end, p_language, p_link);
    end if;
  end if;
  if p_token_sha256 is not null then
    insert into complaint.confirmation (reference, token_sha256) values (p_reference, p_token_sha256);
    return 'mail';
  end if;
  perform oversight.append_audit('complainant', 'complaint.submit', p_reference, jsonb_build_object('party', p_party, 'kind', p_kind));
  return 'received';
end $$;

-- 'confirmed', 'known' where it was before, 'unknown' where no such link is open.
create function complaint.confirm(p_reference text, p_token_sha256 bytea) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_found complaint.complaint;
begin
  select c.* into v_found from complaint.complaint c join complaint.confirmation k on k.reference = c.reference
  where c.reference = p_reference and k.token_sha256 = p_token_sha256 and k.expires_at > clock_timestamp() for update of c;
  if v_found.reference is null then return 'unknown'; end if;
  if v_found.state <> 'unconfirmed' then return 'known'; end if;
  update complaint.complaint set state = 'open', confirmed_at = clock_timestamp() where reference = p_reference;
  insert into complaint.notice (reference, what, language) values (p_reference, 'receipt', v_found.language);
  perform oversight.append_audit('complainant', 'complaint.submit', p_reference, jsonb_build_object('party', v_found.party, 'kind', v_found.kind));
  return 'confirmed';
end $$;

-- What the status page shows before control is proven: nothing here depends on any list.
create function complaint.status(p_reference text, p_secret_sha256 bytea) returns table (party text, kind text, domain text, state text, received_at timestamptz, confirmed_at timestamptz,
  proof_state text, proof_method text, proof_at timestamptz, token text, proof_expires_at timestamptz, next_look_at timestamptz, looked_at timestamptz, looked text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.party, c.kind, c.domain, c.state, c.received_at, c.confirmed_at, c.proof_state, c.proof_method, c.proof_at, p.token, p.expires_at, p.next_check_at, a.at, a.outcome
  from complaint.complaint c
  left join lateral (select * from dnschecks.proof p where p.owner_kind = 'complaint' and p.owner = p_reference and p.expires_at > clock_timestamp() order by p.id desc limit 1) p on true
  left join lateral (select * from dnschecks.proof_answer a where a.proof_id = p.id order by a.id desc limit 1) a on true
  where c.reference = p_reference and c.secret_sha256 = p_secret_sha256
$$;

-- Writes that somebody wants to prove control; the checker looks when they say that the record is there. 'asked', 'proven', 'unknown'.
create function complaint.ask_proof(p_reference text, p_secret_sha256 bytea, p_proof uuid, p_token text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_found complaint.complaint;
begin
  select c.* into v_found from complaint.complaint c where c.reference = p_reference and c.secret_sha256 = p_secret_sha256 for update;
  if v_found.reference is null or v_found.state = 'unconfirmed' then return 'unknown'; end if;
  if v_found.proof_state = 'proven' then return 'proven'; end if;
  if exists (select from dnschecks.proof where owner_kind = 'complaint' and owner = p_reference and expires_at > clock_timestamp()) then return 'asked'; end if;
  insert into dnschecks.proof (id, domain, owner_kind, owner, token, asked_by, next_check_at)
  values (p_proof, v_found.domain, 'complaint', p_reference, p_token, 'complainant', null);
  update complaint.complaint set proof_state = 'asked' where reference = p_reference;
  perform oversight.append_audit('complainant', 'proof.ask', p_proof::text, jsonb_build_object('for', 'complaint ' || p_reference));
  return 'asked';
end $$;

-- As dnschecks.recheck answers: 'due', 'too-soon', 'proven', 'expired', 'unknown'.
create function complaint.recheck(p_reference text, p_secret_sha256 bytea) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_found complaint.complaint := complaint.find(p_reference, p_secret_sha256);
  v_proof uuid;
begin
  if v_found.reference is null then return 'unknown'; end if;
  if v_found.proof_state = 'proven' then return 'proven'; end if;
  select id into v_proof from dnschecks.proof where owner_kind = 'complaint' and owner = p_reference order by id desc limit 1;
  return dnschecks.recheck(v_proof);
end $$;

-- Times of publication have whole seconds.
-- After proof at X, and never before: published entries that cover X, or lie below it where X is registrable; and those that were when
-- the complaint came. A read of listed names, so it stands in the audit log.
create function complaint.disclose(p_reference text, p_secret_sha256 bytea) returns table (list text, name text, scope text, added_serial integer, added_at timestamptz, removed_serial integer, removed_at timestamptz)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_found complaint.complaint := complaint.find(p_reference, p_secret_sha256);
  v_labels text[] := string_to_array(v_found.domain, '.');
  v_lines text[] := array['=' || v_found.domain];
begin
  if v_found.reference is null or v_found.proof_state <> 'proven' then return; end if;
  for i in 1 .. array_length(v_labels, 1) - 1 loop
    v_lines := v_lines || array_to_string(v_labels[i:], '.');
  end loop;
  perform oversight.append_audit('complainant', 'entries.disclose', p_reference, '{}');
  return query
    select e.list, ltrim(e.line, '='), case when e.line like '=%' then 'host' else 'domain' end, e.added_serial, a.published_at, e.removed_serial, r.published_at
    from (
      select x.* from criteria.list l join publishing.entry x on x.list = l.id and x.line = any (v_lines)
      union
      select x.* from publishing.entry x where v_found.is_registrable and x.removed_serial is null and reverse(ltrim(x.line, '=')) like reverse('.' || v_found.domain) || '%'
      union
      select x.* from publishing.entry x join publishing.version v on v.list = x.list and v.serial = x.removed_serial and v.published_at >= date_trunc('second', v_found.received_at)
      where v_found.is_registrable and reverse(ltrim(x.line, '=')) like reverse('.' || v_found.domain) || '%') e
    join publishing.version a on a.list = e.list and a.serial = e.added_serial
    left join publishing.version r on r.list = e.list and r.serial = e.removed_serial
    -- Domains change hands: of what came long after the proof, whoever proved it is told nothing.
    where a.published_at < v_found.proof_at + interval '30 days' and (e.removed_serial is null or r.published_at >= date_trunc('second', v_found.received_at))
    order by e.list, ltrim(e.line, '=') collate "C", e.added_serial limit 1000;
end $$;

-- What is published for everybody: the criteria in force and past of each list that people decide on.
create function complaint.criteria() returns table (list text, country text, agencies_needed integer, countries_needed integer, lease_months integer, version integer, text text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.id, l.country, l.agencies_needed, l.countries_needed, l.lease_months, v.version, v.text
  from criteria.list l join criteria.version v on v.list = l.id where l.test_domain is null
  order by l.country is not null, l.id collate "C", v.version desc
$$;

------------------------------------------------------------------------------------------------------------------
-- dnschecks: a third kind of owner, whose proofs say nothing to the never-block register.
alter table dnschecks.proof drop constraint proof_owner_kind_check, add constraint proof_owner_kind_check check (owner_kind in ('agency', 'provider', 'complaint'));

create or replace function dnschecks.require_proof() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.action = 'add' and new.source = 'proven' and not exists (
    select from dnschecks.proof p where p.id = new.proof and p.domain = new.name and p.proven_at > clock_timestamp() - interval '30 days'
      and (p.owner_kind = 'provider' or (p.owner_kind = 'agency' and p.owner = new.agency))) then
    raise exception 'no proof of control holds for this name' using errcode = 'check_violation', constraint = 'register_proven_has_its_proof';
  end if;
  return new;
end $$;

-- What the checker found, in the same transaction.
create function complaint.note_proof() returns trigger language plpgsql as $$
begin
  update complaint.complaint set proof_state = 'proven', proof_method = 'txt', proof_at = new.proven_at where reference = new.owner and proof_state <> 'proven';
  return null;
end $$;
create trigger proof_of_complaint after update of proven_at on dnschecks.proof
  for each row when (new.owner_kind = 'complaint' and old.proven_at is null and new.proven_at is not null) execute function complaint.note_proof();

grant usage on schema complaint to blocklist_portal;
grant execute on function complaint.submit(text, bytea, text, text, text, boolean, text, date, text, text, bytea, text), complaint.confirm(text, bytea), complaint.status(text, bytea),
  complaint.ask_proof(text, bytea, uuid, text), complaint.recheck(text, bytea), complaint.disclose(text, bytea), complaint.criteria() to blocklist_portal;
