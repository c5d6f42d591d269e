-- access: people who sign in, what they may do, and for how long. What counts for publishing stands in the signed
-- register; a role here opens pages and is needed beside the register's, never instead of it.

alter table access.person
  -- People of the operator (auditors, provider managers, …) belong to no agency.
  alter column agency drop not null,
  add roles text[] not null default '{}',
  add zone text not null default 'UTC',
  add theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
  -- Key of each action, where the person changed it.
  add keys jsonb not null default '{}',
  -- What authenticators know the person by: says nothing about them to whoever finds the device.
  add handle uuid not null unique default gen_random_uuid(),
  add created_at timestamptz not null default clock_timestamp(),
  add left_at timestamptz,
  add constraint person_roles_known check (roles <@ array['curator', 'agency-administrator', 'release-officer', 'list-owner',
    'complaints-officer', 'oversight', 'provider-manager', 'auditor', 'operator-administrator']),
  add constraint person_administrator_has_no_vote check (not (roles && array['agency-administrator', 'operator-administrator']
    and roles && array['curator', 'release-officer', 'list-owner', 'complaints-officer', 'oversight'])),
  add constraint person_auditor_decides_nothing check (not 'auditor' = any (roles) or cardinality(roles) = 1),
  add constraint person_of_an_agency check (agency is not null or not roles && array['curator', 'agency-administrator', 'release-officer']),
  -- Whoever reads every agency's judgement, or lets people in everywhere, sits in none.
  add constraint person_of_no_agency check (agency is null or not roles && array['oversight', 'provider-manager', 'auditor', 'operator-administrator']),
  add constraint person_who_left_has_no_role check (left_at is null or roles = '{}');

-- Credentials signed until now stand for the roles that their people have.
update access.person set roles = known.roles
from (select person, array_agg(distinct role order by role) as roles from access.credential, unnest(roles) as role group by person) known
where known.person = id;

-- Sign-in passkeys: WebAuthn credentials as they were registered. They sign people in and nothing else.
create table access.passkey (
  id bytea primary key check (octet_length(id) between 16 and 1023),
  person text not null references access.person,
  name text not null check (length(name) between 1 and 60),
  public_key bytea not null,
  sign_count bigint not null,
  transports text[] not null,
  is_user_verified boolean not null,
  is_backup_eligible boolean not null,
  is_backed_up boolean not null,
  attestation_object bytea not null,
  client_data bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz
);
create index passkey_of_person on access.passkey (person);

-- Whoever removes their last passkey has locked themselves out. Two removals at once wait for each other at the person.
create function access.keep_a_passkey() returns trigger language plpgsql as $$
begin
  perform from access.person where id = old.person for update;
  if not exists (select from access.passkey where person = old.person and id <> old.id) then
    raise exception 'the last passkey of a person stays' using errcode = 'restrict_violation', constraint = 'passkey_last_one_stays';
  end if;
  return old;
end $$;
create trigger passkey_last_one before delete on access.passkey for each row execute function access.keep_a_passkey();

-- Roles change by this function alone, which knows who may give what; what they mean together stands in the table.
create function access.change_roles(p_actor text, p_person text, p_roles text[], p_left_at timestamptz) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_person access.person;
  v_actor access.person;
  v_changed text[];
begin
  select * into v_person from access.person where id = p_person for update;
  select * into v_actor from access.person where id = p_actor and left_at is null;
  if p_actor = p_person then
    raise exception 'nobody changes their own roles' using errcode = 'check_violation', constraint = 'person_roles_by_another';
  end if;
  if v_person.left_at is not null then
    raise exception 'whoever left stays so' using errcode = 'check_violation', constraint = 'person_left_for_good';
  end if;
  v_changed := array(select unnest(v_person.roles) except select unnest(p_roles)) || array(select unnest(p_roles) except select unnest(v_person.roles));
  -- An agency says who decides for it; everything else is the operator's to say.
  if ('agency-administrator' = any (v_actor.roles) and v_actor.agency = v_person.agency and v_changed <@ array['curator', 'release-officer']
    or 'operator-administrator' = any (v_actor.roles) and not v_changed && array['curator', 'release-officer']) is not true then
    raise exception 'these roles are not theirs to change' using errcode = 'check_violation', constraint = 'person_roles_within_authority';
  end if;
  update access.person set roles = array(select unnest(p_roles) order by 1), left_at = p_left_at where id = p_person;
end $$;
grant execute on function access.change_roles(text, text, text[], timestamptz) to blocklist_curation;

-- A link that lets a person register a passkey: once, for a while. Only its hash is kept.
create table access.invitation (
  id uuid primary key,
  token_sha256 bytea not null unique check (octet_length(token_sha256) = 32),
  person text not null references access.person,
  kind text not null check (kind in ('first', 'recovery')),
  invited_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  approved_by text references access.person,
  approved_at timestamptz,
  used_at timestamptz,
  revoked_at timestamptz,
  constraint invitation_expires check (expires_at > created_at and expires_at <= created_at + interval '7 days'),
  -- Who lost their passkeys is let in again by two people, neither of whom is the one who returns.
  constraint invitation_second_person check (approved_by is null or (approved_by <> invited_by and approved_by <> person)),
  constraint invitation_not_for_oneself check (invited_by <> person),
  constraint invitation_recovery_is_approved check (kind = 'first' or used_at is null or approved_by is not null),
  check ((approved_by is null) = (approved_at is null))
);
create index invitation_of_person on access.invitation (person, created_at);
-- A newer link replaces the older one.
create unique index invitation_open on access.invitation (person) where used_at is null and revoked_at is null;

create function access.check_invitation() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- "operator:" and a login stands for a command of the operator; no person's id has a colon.
    if new.invited_by not like 'operator:%' and not exists (
      select from access.person inviter, access.person invited
      where inviter.id = new.invited_by and inviter.left_at is null and invited.id = new.person
        and ('agency-administrator' = any (inviter.roles) and inviter.agency = invited.agency
          or 'operator-administrator' = any (inviter.roles) and (invited.agency is null or 'agency-administrator' = any (invited.roles)))) then
      raise exception 'only an administrator invites, for their own' using errcode = 'check_violation', constraint = 'invitation_by_an_administrator';
    end if;
    -- The kind that needs no second person is for people who never had a passkey.
    if new.kind = 'first' and (exists (select from access.passkey where person = new.person)
      or exists (select from access.invitation where person = new.person and used_at is not null)) then
      raise exception 'the person had a passkey before' using errcode = 'check_violation', constraint = 'invitation_first_is_first';
    end if;
    return new;
  end if;
  if old.used_at is not null or old.revoked_at is not null then
    raise exception 'the invitation was used or revoked' using errcode = 'restrict_violation', constraint = 'invitation_once';
  end if;
  if new.approved_by is distinct from old.approved_by and not exists (
    select from access.person approver, access.person invited
    where approver.id = new.approved_by and approver.left_at is null and invited.id = new.person
      and (approver.agency = invited.agency and approver.roles && array['agency-administrator', 'curator']
        or 'operator-administrator' = any (approver.roles))) then
    raise exception 'an administrator or a curator of the agency approves' using errcode = 'check_violation', constraint = 'invitation_approver';
  end if;
  if new.used_at is not null and new.kind = 'first' and exists (select from access.passkey where person = new.person) then
    raise exception 'the person had a passkey before' using errcode = 'check_violation', constraint = 'invitation_first_is_first';
  end if;
  return new;
end $$;
create trigger invitation_checked before insert or update on access.invitation for each row execute function access.check_invitation();

-- What a browser was asked to sign, until it answers: once.
create table access.ceremony (
  id_sha256 bytea primary key check (octet_length(id_sha256) = 32),
  kind text not null check (kind in ('sign-in', 'register')),
  person text references access.person,
  invitation_id uuid references access.invitation,
  state text not null,
  expires_at timestamptz not null,
  check ((kind = 'register') = (person is not null))
);
create index ceremony_expiry on access.ceremony (expires_at);

create table access.session (
  id uuid primary key,
  token_sha256 bytea not null unique check (octet_length(token_sha256) = 32),
  person text not null references access.person,
  passkey bytea,
  created_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_because text check (ended_because in ('signed-out', 'idle', 'expired', 'ended-by-person', 'ended-by-administrator', 'role-changed', 'passkey-removed')),
  user_agent text not null check (length(user_agent) <= 200),
  check ((ended_at is null) = (ended_because is null))
);
create index session_of_person on access.session (person, created_at);

grant update (name, zone, theme, keys) on access.person to blocklist_curation;
grant select, insert, delete, update (name, sign_count, is_backed_up, last_used_at) on access.passkey to blocklist_curation;
grant select, insert, update (approved_by, approved_at, used_at, revoked_at) on access.invitation to blocklist_curation;
grant select, insert, delete on access.ceremony to blocklist_curation;
grant select, insert, update (last_seen_at, expires_at, ended_at, ended_because) on access.session to blocklist_curation;

-- What was typed into a form when the session had ended meanwhile, until the same person looks at the form again.
create table access.kept_form (
  id uuid primary key,
  person text not null references access.person,
  path text not null,
  -- A form as long as the role takes, in JSON.
  fields jsonb not null check (octet_length(fields::text) <= 8388608),
  kept_at timestamptz not null default clock_timestamp()
);
create index kept_form_age on access.kept_form (kept_at);
grant select, insert, delete on access.kept_form to blocklist_curation;
