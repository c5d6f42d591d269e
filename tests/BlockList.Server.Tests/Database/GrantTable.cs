namespace BlockList.Server.Tests.Database;

/// <summary>What each login may do, object by object. Whatever is not said here it may not do.</summary>
internal static partial class GrantTable
{
    // "Read decisions, write the ledger, commit versions"; what was written stays.
    private const string Publisher = """
        database: connect
        schema curation: usage
        table curation.assertion: select
        table curation.decision: select
        schema names: usage
        table names.file: select
        table names.decision: select
        schema publishing: usage
        table publishing.register: select, insert
        table publishing.ledger: select, insert
        table publishing.ledger_assertion: select, insert
        table publishing.schedule: select
        table publishing.version: select, insert
        table publishing.file: select, insert
        table publishing.head: select, insert, update
        table publishing.slot: select, insert
        table publishing.never_block_file: select, insert
        table publishing.log_leaf: select, insert
        table publishing.log_node: select, insert
        table publishing.guard_finding: select, insert, update (effect, message), delete
        table publishing.entry: select, insert, update (removed_serial, removed_episode_id, removed_because)
        table publishing.candidate: select, insert (id, list, serial, form, targets_version, ledger_position, evaluated_at, register_version, suffixes_sha256, previous_serial, previous_sha256, list_sha256, content, signed, expires_at)
        table publishing.resume: select, insert
        table publishing.held: select, insert
        table publishing.held_end: select, insert
        table publishing.version_decision: select
        table publishing.alarm: select, insert, update (message, cleared_at, seen_at)
        function publishing.lock_ledger(): execute
        schema verifying: usage
        table verifying.answer: select
        schema oversight: usage
        function oversight.append_audit(p_actor text, p_action text, p_subject text, p_detail jsonb): execute
        schema quartz_publisher: usage
        """;

    // "Re-derive a version from decisions and add the second targets signature"; it writes its answers and nothing of the publisher's.
    private const string Verifier = """
        database: connect
        schema curation: usage
        table curation.assertion: select
        table curation.decision: select
        schema names: usage
        table names.file: select
        table names.decision: select
        schema publishing: usage
        table publishing.candidate: select
        table publishing.register: select
        table publishing.ledger: select
        table publishing.ledger_assertion: select
        table publishing.never_block_file: select
        table publishing.file: select (list, path, sha256, content)
        table publishing.held: select
        table publishing.held_end: select
        table publishing.version_decision: select
        schema verifying: usage
        table verifying.answer: select, insert
        table verifying.serial: select, insert
        table verifying.mark: select, insert
        table verifying.resume: select, insert
        table verifying.step: select, insert
        schema oversight: usage
        function oversight.append_audit(p_actor text, p_action text, p_subject text, p_detail jsonb): execute
        """;

    // "Read published files and enrolled certificates; append downloads and receipts"; "must never read decisions,
    // entries or complaints".
    private const string Distribution = """
        database: connect
        schema publishing: usage
        table publishing.file: select
        table publishing.head: select
        table publishing.log_leaf: select
        table publishing.log_node: select
        schema providers: usage
        table providers.provider: select (id, name, suspended_at)
        table providers.provider_list: select
        table providers.certificate: select
        function providers.request_renewal(p_renews text, p_renewed bytea, p_csr bytea, p_key_sha256 bytea, p_signature bytea, OUT outcome text, OUT certificate bytea, OUT refusal text): execute
        schema distribution: usage
        table distribution.download: insert (certificate_sha256, provider_id, list, path, status, refusal, bytes)
        table distribution.receipt: insert (provider_id, certificate_sha256, list, version, sha256, resolver, evidence, probes, left_out, agent_version, agent_clock, log_size, log_root, log_differs, node, result, reason, held_additions, held_removals, waiting, own)
        function distribution.report_exceptions(p_certificate_sha256 text, p_list text, p_version integer, p_node text, p_lines text[]): execute
        function distribution.own_facts(p_certificate_sha256 text): execute
        """;

    // "Mail, reminders, merging, statistics"; "must never write decisions". It seals the audit log and follows the calendar, by
    // functions alone.
    private const string Worker = """
        database: connect
        schema oversight: usage
        function oversight.append_audit(p_actor text, p_action text, p_subject text, p_detail jsonb): execute
        function oversight.seal_audit(): execute
        function oversight.find_broken_seal(): execute
        schema curation: usage
        function curation.advance_stages(p_limit integer): execute
        function curation.fold_tallies(): execute
        function curation.purge_imports(): execute
        schema publishing: usage
        function publishing.take_alarm_events(p_limit integer): execute
        function publishing.record_alarm_told(p_event bigint, p_problem text): execute
        schema mail: usage
        function mail.enqueue(p_reference text, p_recipient text, p_language text, p_template text, p_values jsonb, p_message_id text): execute
        function mail.claim(): execute
        function mail.record(p_id bigint, p_attempt integer, p_outcome text, p_problem text): execute
        function mail.forget(): execute
        function mail.watch(): execute
        schema complaint: usage
        function complaint.merge_duplicates(): execute
        function complaint.look_for_entries(): execute
        function complaint.escalate_late(p_to text[]): execute
        function complaint.write_mails(): execute
        function complaint.forget(): execute
        schema providers: usage
        function providers.tell_ending(): execute
        function providers.forget_applications(): execute
        schema distribution: usage
        function distribution.measure_coverage(): execute
        function distribution.tell_exceptions(): execute
        schema quartz_worker: usage
        """;

    // "Read names to check, write facts"; "must never see people, cases, mail". Functions alone: it is told what to look for, not
    // who asked.
    private const string Checker = """
        database: connect
        schema dnschecks: usage
        function dnschecks.take_due(p_limit integer, p_lease interval): execute
        function dnschecks.record_answer(p_proof uuid, p_outcome text, p_verdict text, p_zone text, p_servers jsonb, p_problem text): execute
        schema oversight: usage
        function oversight.append_audit(p_actor text, p_action text, p_subject text, p_detail jsonb): execute
        schema quartz_checker: usage
        """;

    // "Execute a handful of definer functions"; "must never SELECT any table".
    private const string Portal = """
        database: connect
        schema complaint: usage
        function complaint.submit(p_reference text, p_secret_sha256 bytea, p_party text, p_kind text, p_domain text, p_is_registrable boolean, p_language text, p_since date, p_text text, p_email text, p_token_sha256 bytea, p_link text): execute
        function complaint.confirm(p_reference text, p_token_sha256 bytea): execute
        function complaint.status(p_reference text, p_secret_sha256 bytea): execute
        function complaint.ask_proof(p_reference text, p_secret_sha256 bytea, p_proof uuid, p_token text): execute
        function complaint.recheck(p_reference text, p_secret_sha256 bytea): execute
        function complaint.disclose(p_reference text, p_secret_sha256 bytea): execute
        function complaint.criteria(): execute
        function complaint.progress(p_reference text, p_secret_sha256 bytea): execute
        function complaint.answer(p_reference text, p_secret_sha256 bytea, p_text text): execute
        function complaint.appeal(p_reference text, p_secret_sha256 bytea, p_text text): execute
        function complaint.applied(p_reference text, p_secret_sha256 bytea, p_lists text[], p_serials integer[]): execute
        schema providers: usage
        function providers.apply(p_id uuid, p_language text, p_organisation text, p_country text, p_person text, p_email text, p_telephone text, p_networks bigint[], p_resolvers text, p_domains text[]): execute
        function providers.enrol(p_handle text, p_proof bytea, p_csr bytea, p_key_sha256 bytea, OUT outcome text, OUT certificate bytea, OUT refusal text): execute
        """;

    // "Hold the client-CA issuing key; make certificates for enrolled CSR rows"; "must never do anything else".
    private const string Issuer = """
        database: connect
        schema providers: usage
        function providers.open_requests(p_limit integer): execute
        function providers.record_certificate(p_request uuid, p_certificate bytea, p_not_before timestamp with time zone, p_not_after timestamp with time zone): execute
        function providers.refuse_request(p_request uuid, p_refusal text): execute
        """;

    /// <summary>Objects that the owner alone may touch.</summary>
    private const string Nobody = """
        schema house
        function house.refuse_change()
        schema public
        table public.__EFMigrationsHistory
        table oversight.audit
        table oversight.seal
        function oversight.audit_row_sha256(id bigint, at timestamp with time zone, login text, actor text, action text, subject text, detail jsonb)
        function oversight.seal_sha256(previous_sha256 bytea, sealed_at timestamp with time zone, row_hashes bytea)
        sequence oversight.audit_id_seq
        sequence oversight.seal_id_seq
        function access.keep_a_passkey()
        function access.check_invitation()
        function curation.require_earlier_vote()
        function curation.require_agency_of_the_country()
        function curation.import_is_submitted()
        function curation.require_rightful_decisions()
        function curation.tally_opened()
        function curation.tally_changed()
        function curation.advance_stages_at(p_now timestamp with time zone, p_limit integer)
        function curation.next_due(p_now timestamp with time zone, p_stage text, p_waits_since timestamp with time zone, p_suspended_from timestamp with time zone, p_lapses_at timestamp with time zone)
        function publishing.require_next_leaf()
        function publishing.require_logged_targets()
        sequence publishing.entry_id_seq
        function publishing.require_rightful_version_decision()
        function publishing.note_alarm_event()
        function house.tell_publisher()
        function distribution.note_log_alarm()
        sequence publishing.version_decision_position_seq
        sequence publishing.alarm_event_id_seq
        sequence curation.decision_position_seq
        function names.require_rightful_row()
        function dnschecks.require_proof()
        sequence distribution.download_id_seq
        sequence distribution.receipt_id_seq
        table distribution.fold
        table distribution.standing_now
        function distribution.first_certificate(p_sha256 text)
        function distribution.tested(p_list text, p_probes jsonb)
        function distribution.note_receipt()
        function distribution.reach(p_list text, p_serial integer)
        function distribution.fold_contacts()
        function distribution.delays(p_list text, p_serial integer)
        function distribution.measure_versions(p_list text)
        function distribution.settle_alarm(p_cause text, p_list text, p_message text)
        function distribution.settle_alarms(p_list text)
        function distribution.facts(p_provider uuid)
        function curation.answer_re_review()
        function dnschecks.require_open_proof()
        sequence dnschecks.proof_answer_id_seq
        table complaint.confirmation
        table complaint.notice
        sequence complaint.notice_id_seq
        function complaint.find(p_reference text, p_secret_sha256 bytea)
        function complaint.note_proof()
        sequence complaint.clock_id_seq
        sequence complaint.event_id_seq
        function complaint.require_officer(p_person text)
        function complaint.require_calendar_keeper(p_person text)
        function complaint.lead(p_reference text)
        function complaint.lead_for(p_reference text, p_person text)
        function complaint.note_due(p_reference text)
        function complaint.start_clock(p_reference text, p_kind text, p_due timestamp with time zone)
        function complaint.end_clocks(p_lead text, p_kinds text[])
        function complaint.add_event(p_reference text, p_kind text, p_person text, p_visible boolean, p_detail jsonb, p_text text)
        function complaint.tell(p_reference text, p_what text, p_at timestamp with time zone, p_until timestamp with time zone)
        function complaint.open_dossier()
        function complaint.note_proven()
        function complaint.recount_clocks()
        function complaint.escalate_late_at(p_now timestamp with time zone, p_to text[])
        function complaint.forget_at(p_now timestamp with time zone)
        table providers.code
        table providers.request
        function providers.is_revoked(p_sha256 text)
        function providers.valid_certificates(p_provider uuid)
        function providers.answer_to(p_request providers.request, OUT outcome text, OUT certificate bytea, OUT refusal text)
        function providers.require_manager(p_person text)
        function providers.tell_contact(p_provider uuid, p_template text, p_until timestamp with time zone, p_message_id text)
        function providers.tell_ending_at(p_now timestamp with time zone)
        table mail.message
        sequence mail.message_id_seq
        function mail.values_fit(p_template text, p_values jsonb)
        """;

    /// <summary>Quartz's tables, all in each of its schemas, each for its own login.</summary>
    private static readonly string[] QuartzTables =
    [
        "blob_triggers", "calendars", "cron_triggers", "execution_history", "fired_triggers", "job_details", "job_status", "locks",
        "misfire_history", "paused_job_grps", "paused_trigger_grps", "scheduler_state", "simple_triggers", "simprop_triggers", "triggers",
    ];

    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> ByLogin { get; } = new Dictionary<string, IReadOnlyDictionary<string, string>>
    {
        [MigratedDatabase.CurationLogin] = Parse(Curation, []),
        [MigratedDatabase.PublisherLogin] = Parse(Publisher, Quartz("quartz_publisher")),
        [MigratedDatabase.DistributionLogin] = Parse(Distribution, []),
        [MigratedDatabase.WorkerLogin] = Parse(Worker, Quartz("quartz_worker")),
        [MigratedDatabase.VerifierLogin] = Parse(Verifier, []),
        [MigratedDatabase.CheckerLogin] = Parse(Checker, Quartz("quartz_checker")),
        [MigratedDatabase.PortalLogin] = Parse(Portal, []),
        [MigratedDatabase.IssuerLogin] = Parse(Issuer, []),
    };

    /// <summary>Everything that was decided about, whoever may touch it.</summary>
    public static IReadOnlySet<string> Objects { get; } = ByLogin.Values.SelectMany(grants => grants.Keys).Concat(Nobody.Split('\n')).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Quartz(string schema) => QuartzTables.Select(table => $"table {schema}.qrtz_{table}: select, insert, update, delete");

    private static Dictionary<string, string> Parse(string lines, IEnumerable<string> more) =>
        lines.Split('\n').Concat(more).Select(line => line.Split(": ")).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
