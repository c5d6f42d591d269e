using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Database;

/// <summary>The forbidden, tried for real by the login that would gain from it.</summary>
public sealed class RefusalTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private const string Curation = MigratedDatabase.CurationLogin;
    private const string Publisher = MigratedDatabase.PublisherLogin;
    private const string Distribution = MigratedDatabase.DistributionLogin;
    private const string Worker = MigratedDatabase.WorkerLogin;
    private const string Verifier = MigratedDatabase.VerifierLogin;
    private const string Checker = MigratedDatabase.CheckerLogin;
    private const string Portal = MigratedDatabase.PortalLogin;
    private const string Issuer = MigratedDatabase.IssuerLogin;

    /// <summary>Tables that nobody changes, each with a column to try it on.</summary>
    private static readonly (string Table, string Column)[] AppendOnly =
    [
        ("complaint.event", "kind"), ("curation.assertion", "signature"), ("curation.decision", "statement"), ("curation.notification", "kind"), ("curation.reference", "number"), ("distribution.download", "path"), ("distribution.receipt", "version"),
        ("dnschecks.proof_answer", "outcome"),
        ("names.decision", "statement"), ("names.file", "content"),
        ("publishing.candidate", "signed"), ("publishing.file", "content"), ("publishing.held", "change"), ("publishing.held_end", "outcome"), ("publishing.ledger", "outcome"), ("publishing.ledger_assertion", "signature"),
        ("publishing.log_leaf", "checkpoint"), ("publishing.log_node", "hash"), ("publishing.never_block_file", "content"),
        ("publishing.register", "document"), ("publishing.resume", "serial"), ("publishing.version", "list_sha256"), ("publishing.version_decision", "statement"),
        ("verifying.answer", "outcome"), ("verifying.mark", "rows_sha256"), ("verifying.resume", "serial"), ("verifying.serial", "list_sha256"), ("verifying.step", "added"),
    ];

    public static TheoryData<string> Changes =>
        [.. AppendOnly.SelectMany(row => new[] { $"update {row.Table} set {row.Column} = {row.Column}", $"delete from {row.Table}", $"truncate {row.Table} cascade" })];

    public static TheoryData<string, string> Forbidden => new()
    {
        // What is published is the publisher's word alone.
        { Curation, "insert into publishing.ledger default values" },
        { Curation, "insert into publishing.version default values" },
        { Curation, "insert into publishing.file default values" },
        { Curation, "insert into publishing.head default values" },
        { Curation, "update publishing.head set serial = 1" },
        { Curation, "insert into publishing.entry default values" },
        // What was signed stays in the log, and nobody but the publisher adds to it.
        { Curation, "insert into publishing.log_leaf default values" },
        { Curation, "select from publishing.log_node" },
        { Distribution, "insert into publishing.log_leaf default values" },
        { Distribution, "insert into publishing.log_node default values" },
        { Publisher, "update publishing.log_leaf set checkpoint = ''" },
        { Publisher, "delete from publishing.log_node" },
        { Curation, "select from publishing.ledger" },
        { Curation, "select publishing.lock_ledger()" },
        // The register changes by a statement, and what the publisher made of it is its own.
        { Curation, "update names.revision set number = 0" },
        { Curation, "delete from names.decision" },
        { Curation, "update names.file set content = ''" },
        { Curation, "select from publishing.never_block_file" },
        { Curation, "delete from publishing.guard_finding" },
        { Publisher, "insert into names.decision default values" },
        { Publisher, "select from names.reason" },
        { Publisher, "update publishing.never_block_file set content = ''" },
        // A decision stays as it was received, and the database says when that was.
        { Curation, "update curation.decision set met = true" },
        { Curation, "delete from curation.decision" },
        { Curation, "truncate curation.decision" },
        { Curation, "insert into curation.decision (id, received_at) values (gen_random_uuid(), now())" },
        { Curation, "insert into curation.decision (id, position) overriding system value values (gen_random_uuid(), 1)" },
        { Curation, "insert into curation.assertion (id, received_at) values (gen_random_uuid(), now())" },
        { Curation, "update curation.assertion set signature = ''" },
        { Curation, "update curation.episode set name = 'other.example'" },
        { Curation, "update curation.episode set opened_at = now()" },
        { Curation, "delete from curation.episode" },
        { Curation, "insert into curation.tally values ('worst-of', 'review', '', 1)" },
        { Curation, "update curation.tally set n = 0" },
        { Curation, "update curation.subject set id = gen_random_uuid()" },
        { Curation, "update curation.submission set decisions = 0" },
        { Curation, "delete from curation.conflict" },
        { Curation, "insert into curation.reference (added_at) values (now())" },
        { Curation, "select curation.advance_stages(1)" },
        { Curation, "select curation.advance_stages_at(now(), 1)" },
        { Curation, "select house.similarity('a', 'b')" },
        { Curation, "select setval('curation.decision_position_seq', 1)" },
        { Curation, "update criteria.version set text = ''" },
        { Curation, "update providers.certificate set provider_id = gen_random_uuid()" },
        // Nobody writes the audit log under another's name, nor reads back what others did.
        { Curation, "insert into oversight.audit (login, actor) values ('blocklist_publisher', 'publisher')" },
        { Curation, "update oversight.audit set actor = 'someone else'" },
        { Curation, "delete from oversight.audit" },
        { Curation, "select from oversight.audit" },
        { Curation, "select oversight.seal_audit()" },
        { Curation, "insert into distribution.receipt default values" },
        { Curation, "select from quartz_publisher.qrtz_job_details" },
        // The publisher reads decisions and makes none; what it wrote it cannot change either.
        { Publisher, "insert into curation.decision default values" },
        { Publisher, "insert into curation.assertion default values" },
        { Publisher, "insert into curation.episode default values" },
        { Publisher, "insert into access.credential default values" },
        { Publisher, "insert into publishing.schedule default values" },
        { Publisher, "update publishing.ledger set outcome = 'accepted'" },
        { Publisher, "delete from publishing.ledger" },
        { Publisher, "update publishing.file set content = ''" },
        { Publisher, "delete from publishing.version" },
        { Publisher, "update publishing.register set document = ''" },
        { Publisher, "select from curation.annotation" },
        { Publisher, "select from providers.provider" },
        { Publisher, "insert into oversight.audit default values" },
        { Publisher, "insert into quartz_worker.qrtz_job_details default values" },
        // Neither of the two who sign writes what the other says, nor takes back what it said.
        { Publisher, "insert into verifying.answer default values" },
        { Publisher, "insert into verifying.serial default values" },
        // From which numbers on each goes after a restore, it says for itself.
        { Publisher, "insert into verifying.resume default values" },
        { Publisher, "select from verifying.resume" },
        { Verifier, "insert into publishing.resume default values" },
        { Curation, "insert into publishing.resume default values" },
        { Distribution, "select from publishing.resume" },
        { Publisher, "select from verifying.mark" },
        { Publisher, "select from verifying.serial" },
        { Publisher, "update publishing.candidate set signed = ''" },
        { Verifier, "insert into publishing.candidate default values" },
        { Verifier, "insert into publishing.ledger default values" },
        { Verifier, "insert into publishing.file default values" },
        { Verifier, "update publishing.head set serial = 1" },
        { Verifier, "insert into publishing.version default values" },
        { Verifier, "insert into curation.decision default values" },
        { Verifier, "insert into names.decision default values" },
        { Verifier, "update verifying.answer set outcome = 'signed'" },
        { Verifier, "delete from verifying.serial" },
        { Verifier, "select publishing.lock_ledger()" },
        { Verifier, "select from curation.annotation" },
        { Verifier, "select from access.person" },
        { Verifier, "select from oversight.audit" },
        { Curation, "select from publishing.candidate" },
        { Curation, "select from verifying.answer" },
        { Distribution, "select from publishing.candidate" },
        { Distribution, "insert into verifying.answer default values" },
        { Worker, "select from verifying.answer" },
        // Distribution serves files without knowing what was decided or by whom, and whom to call at a provider.
        { Distribution, "select from curation.decision" },
        { Distribution, "select from curation.episode" },
        { Distribution, "select from curation.draft" },
        { Distribution, "select from access.person" },
        { Distribution, "select from publishing.ledger" },
        { Distribution, "select from publishing.published_entry" },
        { Distribution, "insert into publishing.file default values" },
        { Distribution, "update publishing.head set serial = 1" },
        { Distribution, "select contact from providers.provider" },
        { Distribution, "update providers.certificate set revoked_at = null" },
        { Distribution, "insert into providers.certificate default values" },
        { Distribution, "select from distribution.download" },
        { Distribution, "insert into distribution.download (certificate_sha256, path, status, bytes, at) values ('', '', 200, 0, now())" },
        { Distribution, "delete from distribution.download" },
        // What is in force where follows from receipts, and nobody reads of another provider but the operator's people.
        { Distribution, "select from distribution.receipt" },
        { Distribution, "select from distribution.in_force" },
        { Distribution, "insert into distribution.applied (list, serial, provider_id) values ('worst-of', 1, gen_random_uuid())" },
        { Distribution, "select from distribution.local_exception" },
        { Distribution, "insert into distribution.local_exception default values" },
        { Distribution, "select distribution.facts(gen_random_uuid())" },
        { Distribution, "select distribution.provider_facts(gen_random_uuid())" },
        { Distribution, "select distribution.measure_coverage()" },
        { Distribution, "insert into curation.re_review default values" },
        { Curation, "update distribution.in_force set whole = 9" },
        { Curation, "update curation.re_review set answered_at = now()" },
        { Curation, "select distribution.own_facts('')" },
        { Worker, "select from distribution.receipt" },
        { Worker, "select from distribution.local_exception" },
        { Distribution, "select oversight.append_audit('a', 'b', 'c')" },
        // The worker seals, and neither decides nor publishes.
        { Worker, "insert into curation.decision default values" },
        { Worker, "select from curation.decision" },
        { Worker, "update curation.episode set stage = 'eligible'" },
        { Worker, "select name from curation.subject" },
        { Worker, "select curation.advance_stages_at(now(), 1)" },
        { Worker, "insert into publishing.ledger default values" },
        { Worker, "select from publishing.file" },
        { Worker, "select from oversight.audit" },
        { Worker, "update oversight.seal set rows = 0" },
        { Worker, "select oversight.seal_sha256('', now(), '')" },
        { Worker, "insert into quartz_publisher.qrtz_job_details default values" },
        // The checker speaks to strangers' servers: it sees neither who asked nor what was found before, and proves nothing of the kind that nobody asked for.
        { Checker, "select from dnschecks.proof" },
        { Checker, "select from dnschecks.proof_answer" },
        { Checker, "insert into dnschecks.proof default values" },
        { Checker, "insert into dnschecks.proof_answer default values" },
        { Checker, "update dnschecks.proof set proven_at = now()" },
        { Checker, "select dnschecks.recheck(gen_random_uuid())" },
        { Checker, "select from access.person" },
        { Checker, "select from curation.episode" },
        { Checker, "select from providers.provider" },
        { Checker, "insert into quartz_worker.qrtz_job_details default values" },
        { Curation, "update dnschecks.proof set proven_at = now()" },
        { Curation, "insert into dnschecks.proof (proven_at) values (now())" },
        { Curation, "insert into dnschecks.proof_answer default values" },
        { Curation, "select dnschecks.take_due(1, interval '1 minute')" },
        { Worker, "select from dnschecks.proof" },
        // The portal faces everybody: it reads no complaint but by reference and secret, no list but by proof, and writes no notice of its own.
        { Portal, "select from complaint.complaint" },
        { Portal, "select from complaint.person" },
        { Portal, "select from complaint.confirmation" },
        { Portal, "select from complaint.notice" },
        { Portal, "insert into complaint.complaint default values" },
        { Portal, "insert into complaint.notice default values" },
        { Portal, "update complaint.complaint set proof_state = 'proven'" },
        { Portal, "delete from complaint.complaint" },
        { Portal, "select complaint.find('BL-0000000000', '')" },
        { Portal, "select from criteria.version" },
        { Portal, "select from publishing.entry" },
        { Portal, "select from publishing.published_entry" },
        { Portal, "select from publishing.file" },
        { Portal, "select from publishing.version" },
        { Portal, "select from curation.subject" },
        { Portal, "select from curation.decision" },
        { Portal, "select from access.person" },
        { Portal, "select from providers.provider" },
        { Portal, "select from dnschecks.proof" },
        { Portal, "insert into dnschecks.proof default values" },
        { Portal, "update dnschecks.proof set proven_at = now()" },
        { Portal, "select dnschecks.recheck(gen_random_uuid())" },
        { Portal, "select dnschecks.record_answer(gen_random_uuid(), 'proven', 'secure', null, '[]', null)" },
        { Portal, "select oversight.append_audit('a', 'b', 'c')" },
        { Portal, "select from oversight.audit" },
        { Checker, "select from complaint.complaint" },
        { Worker, "select from complaint.person" },
        { Curation, "select complaint.disclose('BL-0000000000', '')" },
        // Who takes a request makes no certificate; who makes one sees no code and writes none without a request; nobody reads codes.
        { Portal, "select from providers.application" },
        { Portal, "insert into providers.application default values" },
        { Portal, "select providers.approve(gen_random_uuid(), 'petra', gen_random_uuid(), 'x', '{}', 'AAAAA', '')" },
        { Curation, "insert into providers.application default values" },
        { Curation, "update providers.application set state = 'open'" },
        { Worker, "select from providers.application" },
        { Distribution, "select from providers.application" },
        { Portal, "select from providers.code" },
        { Portal, "select from providers.request" },
        { Portal, "insert into providers.request default values" },
        { Portal, "insert into providers.certificate default values" },
        { Portal, "select providers.make_code(gen_random_uuid(), 'AAAAA', '', 'x')" },
        { Portal, "select providers.record_certificate(gen_random_uuid(), '', now(), now())" },
        { Portal, "select providers.request_renewal('', '', '', '', '')" },
        { Distribution, "select from providers.code" },
        { Distribution, "select from providers.request" },
        { Distribution, "insert into providers.request default values" },
        { Distribution, "select providers.enrol('AAAAA', '', '', '')" },
        { Distribution, "select providers.make_code(gen_random_uuid(), 'AAAAA', '', 'x')" },
        { Distribution, "select providers.record_certificate(gen_random_uuid(), '', now(), now())" },
        { Issuer, "select from providers.code" },
        { Issuer, "select from providers.request" },
        { Issuer, "select from providers.provider" },
        { Issuer, "select from providers.certificate" },
        { Issuer, "insert into providers.certificate default values" },
        { Issuer, "insert into providers.request default values" },
        { Issuer, "update providers.certificate set revoked_at = null" },
        { Issuer, "select providers.make_code(gen_random_uuid(), 'AAAAA', '', 'x')" },
        { Issuer, "select providers.enrol('AAAAA', '', '', '')" },
        { Issuer, "select providers.request_renewal('', '', '', '', '')" },
        { Issuer, "select from curation.decision" },
        { Issuer, "select from distribution.download" },
        { Issuer, "select from access.person" },
        { Issuer, "select mail.enqueue(null, 'a@b.example', 'en', 'alarm', '{}')" },
        { Issuer, "select oversight.append_audit('a', 'b', 'c')" },
        { Curation, "select from providers.code" },
        { Curation, "select from providers.request" },
        { Curation, "select providers.record_certificate(gen_random_uuid(), '', now(), now())" },
        { Worker, "select from providers.provider" },
        { Worker, "select providers.tell_ending_at(now())" },
        // Officers' login works by functions: it writes no history, sees no secret and no address, and says nothing for whoever complained.
        { Curation, "select secret_sha256 from complaint.complaint" },
        { Curation, "select email from complaint.person" },
        { Curation, "insert into complaint.event default values" },
        { Curation, "update complaint.event_text set text = 'other'" },
        { Curation, "update complaint.dossier set stage = 'closed'" },
        { Curation, "update complaint.clock set due_at = now()" },
        { Curation, "insert into complaint.holiday default values" },
        { Curation, "update complaint.complaint set proof_state = 'proven'" },
        { Curation, "select complaint.answer('BL-0000000000', '', 'x')" },
        { Curation, "select complaint.add_event('BL-0000000000', 'note', null, true, '{}', 'x')" },
        { Curation, "select complaint.forget()" },
        { Portal, "select complaint.record_outcome('BL-0000000000', 'carlo', 'no-entry', null, 'x')" },
        { Portal, "select from complaint.dossier" },
        { Portal, "select from complaint.event_text" },
        { Portal, "select complaint.entries_of('BL-0000000000', 1)" },
        { Worker, "select from complaint.dossier" },
        { Worker, "select complaint.note('BL-0000000000', 'carlo', 'x')" },
        { Worker, "select complaint.forget_at(now())" },
        { Publisher, "select from complaint.complaint" },
        { Distribution, "select from complaint.complaint" },
        { Verifier, "select from complaint.complaint" },
        // Whoever may have a mail sent neither sends it nor reads what stands in others; whoever sends reads what is due and nothing else.
        { Curation, "select from mail.message" },
        { Curation, "insert into mail.message default values" },
        { Curation, "select mail.claim()" },
        { Curation, "select mail.record(1, 1, 'sent', null)" },
        { Worker, "select from mail.message" },
        { Worker, "select from mail.state" },
        { Worker, "update mail.message set recipient = 'thief@agency.example'" },
        { Publisher, "select mail.enqueue(null, 'duty@agency.example', 'en', 'alarm', '{\"kind\":\"log\"}')" },
        { Distribution, "select mail.enqueue(null, 'duty@agency.example', 'en', 'alarm', '{\"kind\":\"log\"}')" },
        { Verifier, "select from mail.state" },
        { Checker, "select mail.claim()" },
    };

    /// <summary>What no login may do, whichever it is.</summary>
    public static MatrixTheoryData<string, string> ForbiddenToAll => new(GrantTable.ByLogin.Keys,
    [
        "set session_replication_role = replica",
        "alter table curation.decision disable trigger decision_append_only",
        "alter table publishing.ledger disable trigger all",
        "drop trigger ledger_append_only on publishing.ledger",
        "create or replace function house.refuse_change() returns trigger language plpgsql as 'begin return new; end'",
        // Whoever could lock these could stop decisions, publishing or sealing.
        "lock table curation.decision in share mode",
        "lock table publishing.ledger in share mode",
        "lock table oversight.seal in share mode",
        "create table public.note (text text)",
        "create temporary table note (text text)",
        "create schema note",
        "set role blocklist_migrate",
        "select pg_read_file('/etc/passwd')",
        "copy (select 1) to program 'true'",
    ]);

    [Theory]
    [MemberData(nameof(Forbidden))]
    [MemberData(nameof(ForbiddenToAll))]
    public async Task Login_is_refused(string login, string sql)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => database.RunAsAsync(login, sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task These_tables_are_append_only() =>
        Assert.Equal(string.Join(' ', AppendOnly.Select(row => row.Table)), await database.ScalarAsync<string>("""
            select string_agg(tgrelid::regclass::text, ' ' order by tgrelid::regclass::text) from pg_trigger
            where tgfoid = 'house.refuse_change'::regproc and tgtype = 58 and tgenabled = 'O'
            """));

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Append_only_refuses_even_the_owner(string sql)
    {
        // Although no row is there: the statement itself is refused.
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => database.RunAsAsync(MigratedDatabase.Owner, sql));

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refusal.SqlState);
        Assert.Contains("append-only", refusal.MessageText, StringComparison.Ordinal);
    }
}
