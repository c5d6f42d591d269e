using Xunit;

namespace BlockList.Server.Tests.Database;

/// <summary>That each login can do its work: a table of grants could be kept by granting nothing.</summary>
public sealed class AllowedTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private const string Curation = MigratedDatabase.CurationLogin;
    private const string Publisher = MigratedDatabase.PublisherLogin;
    private const string Distribution = MigratedDatabase.DistributionLogin;
    private const string Worker = MigratedDatabase.WorkerLogin;
    private const string Verifier = MigratedDatabase.VerifierLogin;
    private const string Checker = MigratedDatabase.CheckerLogin;
    private const string Portal = MigratedDatabase.PortalLogin;

    [Theory]
    [InlineData(Curation, "insert into access.agency (id, name, country) values ('a', 'A', 'NO')")]
    [InlineData(Curation, "insert into publishing.schedule (id, list, days, at) values (gen_random_uuid(), 'worst-of', '{1}', '06:00')")]
    [InlineData(Curation, "select name from publishing.published_entry")]
    [InlineData(Curation, "select oversight.append_audit('anna', 'entries.read', 'worst-of')")]
    [InlineData(Publisher, "select statement from curation.decision")]
    [InlineData(Publisher, "select publishing.lock_ledger()")]
    [InlineData(Publisher, "insert into publishing.register (version, sha256, document) values (1, '', '')")]
    [InlineData(Publisher, "insert into quartz_publisher.qrtz_locks values ('s', 'l')")]
    [InlineData(Publisher, "select signature from verifying.answer")]
    [InlineData(Verifier, "select statement from curation.decision")]
    [InlineData(Verifier, "select content from publishing.file")]
    [InlineData(Verifier, "insert into verifying.serial (list, serial, list_sha256, ledger_position, code) values ('worst-of', 1, '', 1, '')")]
    [InlineData(Distribution, "select content from publishing.file")]
    [InlineData(Distribution, "select p.name from providers.provider p join providers.certificate c on c.provider_id = p.id")]
    [InlineData(Distribution, "insert into distribution.download (certificate_sha256, path, status, bytes) values ('', '', 200, 0)")]
    [InlineData(Distribution, "select distribution.own_facts(''), distribution.report_exceptions('', 'worst-of', 1, null, '{}')")]
    [InlineData(Worker, "select distribution.measure_coverage(), distribution.tell_exceptions()")]
    [InlineData(Curation, "select distribution.provider_facts(gen_random_uuid()), (select count(*) from distribution.standing), (select count(*) from distribution.progress), (select count(*) from curation.re_review)")]
    [InlineData(Worker, "select oversight.seal_audit()")]
    [InlineData(Worker, "select * from oversight.find_broken_seal()")]
    [InlineData(Worker, "select curation.advance_stages(100), curation.fold_tallies()")]
    [InlineData(Worker, "insert into quartz_worker.qrtz_locks values ('s', 'l')")]
    [InlineData(Curation, "insert into dnschecks.proof (id, domain, owner_kind, owner, token, asked_by) values (gen_random_uuid(), 'good.example', 'agency', 'a', repeat('0', 32), 'anna')")]
    [InlineData(Curation, "select dnschecks.recheck(gen_random_uuid())")]
    [InlineData(Checker, "select dnschecks.take_due(1, interval '1 minute'), dnschecks.record_answer(gen_random_uuid(), 'absent', 'insecure', null, '[]', null)")]
    [InlineData(Curation, "select mail.enqueue('BL-0123456789', 'anna@agency.example', 'en', 'decided', '{\"path\":\"/en/status\"}'), (select count(*) from mail.state)")]
    [InlineData(Worker, "select mail.enqueue(null, 'duty@agency.example', 'en', 'alarm', '{\"kind\":\"log\"}'), mail.watch(), mail.claim(), mail.record(1, 1, 'later', 'busy'), mail.forget()")]
    [InlineData(Checker, "insert into quartz_checker.qrtz_locks values ('s', 'l')")]
    [InlineData(Portal, "select complaint.submit('BL-0000000000', sha256(''), 'owner', 'never', 'good.example', true, 'en', null, 'text', 'a@b.example', null, null)")]
    [InlineData(Portal, "select complaint.confirm('BL-0000000000', ''), complaint.recheck('BL-0000000000', ''), complaint.ask_proof('BL-0000000000', '', gen_random_uuid(), repeat('0', 32))")]
    [InlineData(Portal, "select * from complaint.progress('BL-0000000000', ''), complaint.applied('BL-0000000000', '', '{}', '{}'), complaint.answer('BL-0000000000', '', 'x'), complaint.appeal('BL-0000000000', '', 'x')")]
    [InlineData(Worker, "select complaint.merge_duplicates(), complaint.look_for_entries(), complaint.escalate_late('{}'), complaint.write_mails(), complaint.forget()")]
    [InlineData(Curation, "select reference, text, (select count(*) from complaint.dossier), complaint.working_days_after(now(), 5) from complaint.complaint")]
    [InlineData(Portal, "select * from complaint.status('BL-0000000000', ''), complaint.disclose('BL-0000000000', ''), complaint.criteria()")]
    public async Task Login_does_its_work(string login, string sql) => await database.RunAsAsync(login, sql);
}
