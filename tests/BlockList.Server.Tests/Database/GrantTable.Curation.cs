namespace BlockList.Server.Tests.Database;

/// <content>The login of the agencies' pages, which has most to do.</content>
internal static partial class GrantTable
{
    // Agencies and the operator: "read and write decisions, providers, cases, schedule rows"; "must never write the
    // ledger or published files".
    private const string Curation = """
        database: connect
        schema access: usage
        table access.agency: select, insert, update (name, country)
        table access.person: select, insert, update (name, zone, theme, keys)
        function access.change_roles(p_actor text, p_person text, p_roles text[], p_left_at timestamp with time zone): execute
        table access.passkey: select, insert, update (name, sign_count, is_backed_up, last_used_at), delete
        table access.invitation: select, insert, update (approved_by, approved_at, used_at, revoked_at)
        table access.ceremony: select, insert, delete
        table access.session: select, insert, update (last_seen_at, expires_at, ended_at, ended_because)
        table access.kept_form: select, insert, delete
        table access.credential: select, insert, update (roles)
        schema criteria: usage
        table criteria.list: select, insert, update (agencies_needed, countries_needed, lease_months, test_domain, country)
        table criteria.version: select, insert
        schema names: usage
        table names.file: select, insert (sha256, content)
        table names.decision: select, insert (id, action, source, name, proof, retires, file_sha256, rows, left_out, agency, person, credential, sequence, previous_sha256, decided_at, statement, nonce, authenticator_data, client_data, signature)
        table names.reason: select, insert, delete
        table names.revision: select
        table names.row: select
        table names.site_list: select
        schema curation: usage
        table curation.assertion: select, insert (id, credential, form, statements, nonce, authenticator_data, client_data, signature)
        table curation.decision: select, insert (id, kind, list, name, scope, episode_id, agency, person, credential, sequence, previous_sha256, supersedes, met, sighted_at, decided_at, statement, assertion_id, leaf, rule, case_reference, outcome)
        table curation.episode: select, insert (id, list, name, scope, subject_id, stage, voters, met_agencies, met_countries, newest_sighting, lapses_at, suspended_from, waits_since, lapsing, due_at, opened_under, opened_leaf), update (closed_at, is_current, stage, voters, met_agencies, met_countries, newest_sighting, lapses_at, suspended_from, waits_since, overdue, lapsing, told, due_at, touched)
        table curation.subject: select, insert (name, scope, search)
        table curation.tally: select
        table curation.claim: select, insert, update (person, taken_at, expires_at), delete
        table curation.conflict: select, insert (person, subject_id)
        table curation.reference: select, insert (id, episode_id, type, number, agency, person)
        table curation.notification: select, insert (id, episode_id, kind, country, number, sent_at, agency, person)
        table curation.saved_filter: select, insert (id, person, name, filter), delete
        table curation.submission: select, insert (id, person, assertion_id, list, kinds, decisions)
        function curation.had_part(p_episode uuid, p_person text, p_agency text): execute
        table curation.annotation: select, insert, delete
        table curation.import: select, insert (id, list, person, agency, file_name, file_sha256, rows, state, skip_known, heartbeat_at), update (rows, submitted_at, assertion_id, state, criteria_sha256, proposals, reviews, skipped, errors, warnings, step, looked, of_rows, heartbeat_at, problem, reverted_by, reverted_at, reverted, kept)
        table curation.import_finding: select, insert, delete
        table curation.draft: select, insert, delete
        schema complaint: usage
        table complaint.dossier: select
        table complaint.clock: select
        table complaint.event: select
        table complaint.event_text: select
        table complaint.holiday: select
        table complaint.office: select
        table complaint.complaint: select (reference, party, kind, domain, is_registrable, language, since, text, received_at, confirmed_at, state, proof_state, proof_method, proof_at)
        table complaint.person: select (reference)
        function complaint.working_days_after(p_from timestamp with time zone, p_days integer): execute
        function complaint.entries_of(p_reference text, p_limit integer): execute
        function complaint.is_involved(p_reference text, p_person text): execute
        function complaint.record_triage(p_reference text, p_person text, p_reason text): execute
        function complaint.record_suspension(p_reference text, p_person text, p_reason text, p_until timestamp with time zone): execute
        function complaint.record_suspension_end(p_reference text, p_person text, p_reason text): execute
        function complaint.ask(p_reference text, p_person text, p_template text, p_text text): execute
        function complaint.note(p_reference text, p_person text, p_text text): execute
        function complaint.hand_over(p_reference text, p_person text, p_text text): execute
        function complaint.prove_by_letter(p_reference text, p_person text, p_text text): execute
        function complaint.record_outcome(p_reference text, p_person text, p_outcome text, p_criterion text, p_reason text): execute
        function complaint.set_holiday(p_day date, p_name text, p_person text): execute
        function complaint.drop_holiday(p_day date, p_person text): execute
        function complaint.set_zone(p_zone text, p_person text): execute
        schema publishing: usage
        table publishing.schedule: select, insert, update, delete
        table publishing.version: select
        table publishing.slot: select
        table publishing.published_entry: select
        table publishing.stretch: select
        table publishing.publication: select
        table publishing.guard_finding: select
        table publishing.log_leaf: select
        schema providers: usage
        table providers.provider: select, insert, update (name, contact, suspended_at)
        table providers.provider_list: select, insert, delete
        table providers.certificate: select, insert, update (revoked_at)
        table providers.application: select
        function providers.approve(p_application uuid, p_person text, p_provider uuid, p_name text, p_lists text[], p_handle text, p_code_sha256 bytea): execute
        function providers.refuse(p_application uuid, p_person text, p_reason text): execute
        function providers.roots(p_lists text[]): execute
        function providers.make_code(p_provider uuid, p_handle text, p_code_sha256 bytea, p_actor text): execute
        schema distribution: usage
        table distribution.download: select
        table distribution.receipt: select
        table distribution.resolver: select
        table distribution.in_force: select
        table distribution.applied: select
        table distribution.contact: select
        table distribution.local_exception: select
        table distribution.standing: select
        table distribution.progress: select
        table distribution.summary: select
        function distribution.provider_facts(p_provider uuid): execute
        table curation.re_review: select
        schema dnschecks: usage
        table dnschecks.proof: select, insert (id, domain, owner_kind, owner, token, asked_by)
        table dnschecks.proof_answer: select
        function dnschecks.recheck(p_proof uuid): execute
        table publishing.held: select
        table publishing.held_end: select
        table publishing.version_decision: select, insert (id, held_id, action, agency, person, credential, sequence, previous_sha256, decided_at, statement, nonce, authenticator_data, client_data, signature, approval)
        table publishing.version_verdict: select
        table publishing.version_reason: select, insert
        table publishing.alarm: select
        table publishing.alarm_event: select
        function publishing.acknowledge_alarm(p_alarm uuid, p_person text): execute
        schema mail: usage
        table mail.state: select
        function mail.enqueue(p_reference text, p_recipient text, p_language text, p_template text, p_values jsonb, p_message_id text): execute
        schema oversight: usage
        function oversight.append_audit(p_actor text, p_action text, p_subject text, p_detail jsonb): execute
        """;
}
