using Xunit;
using static BlockList.Server.Tests.Database.MigratedDatabase;

namespace BlockList.Server.Tests.Database;

/// <summary>That each login can do its work: a table of grants could be kept by granting nothing.</summary>
public sealed class AllowedTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    [Theory]
    [InlineData(CurationLogin, "insert into access.agency (id, name, country) values ('a', 'A', 'NO')")]
    [InlineData(CurationLogin, "insert into publishing.schedule (id, list, days, at) values (gen_random_uuid(), 'worst-of', '{1}', '06:00')")]
    [InlineData(CurationLogin, "select name from publishing.published_entry")]
    [InlineData(CurationLogin, "select oversight.append_audit('anna', 'entries.read', 'worst-of')")]
    [InlineData(PublisherLogin, "select statement from curation.decision")]
    [InlineData(PublisherLogin, "select publishing.lock_ledger()")]
    [InlineData(PublisherLogin, "insert into publishing.register (version, sha256, document) values (1, '', '')")]
    [InlineData(PublisherLogin, "insert into quartz_publisher.qrtz_locks values ('s', 'l')")]
    [InlineData(PublisherLogin, "select signature from verifying.answer")]
    [InlineData(VerifierLogin, "select statement from curation.decision")]
    [InlineData(VerifierLogin, "select content from publishing.file")]
    [InlineData(VerifierLogin, "insert into verifying.serial (list, serial, list_sha256, ledger_position, code) values ('worst-of', 1, '', 1, '')")]
    [InlineData(DistributionLogin, "select content from publishing.file")]
    [InlineData(DistributionLogin, "select p.name from providers.provider p join providers.certificate c on c.provider_id = p.id")]
    [InlineData(DistributionLogin, "insert into distribution.download (certificate_sha256, path, status, bytes) values ('', '', 200, 0)")]
    [InlineData(DistributionLogin, "select distribution.own_facts(''), distribution.report_exceptions('', 'worst-of', 1, null, '{}')")]
    [InlineData(WorkerLogin, "select distribution.measure_coverage(), distribution.tell_exceptions()")]
    [InlineData(CurationLogin, "select distribution.provider_facts(gen_random_uuid()), (select count(*) from distribution.standing), (select count(*) from distribution.progress), (select count(*) from curation.re_review)")]
    [InlineData(WorkerLogin, "select oversight.seal_audit()")]
    [InlineData(WorkerLogin, "select * from oversight.find_broken_seal()")]
    [InlineData(WorkerLogin, "select curation.advance_stages(100), curation.fold_tallies()")]
    [InlineData(WorkerLogin, "insert into quartz_worker.qrtz_locks values ('s', 'l')")]
    [InlineData(CurationLogin, "insert into dnschecks.proof (id, domain, owner_kind, owner, token, asked_by) values (gen_random_uuid(), 'good.example', 'agency', 'a', repeat('0', 32), 'anna')")]
    [InlineData(CurationLogin, "select dnschecks.recheck(gen_random_uuid())")]
    [InlineData(CheckerLogin, "select dnschecks.take_due(1, interval '1 minute'), dnschecks.record_answer(gen_random_uuid(), 'absent', 'insecure', null, '[]', null)")]
    [InlineData(CurationLogin, "select mail.enqueue('BL-0123456789', 'anna@agency.example', 'en', 'decided', '{\"path\":\"/en/status\"}'), (select count(*) from mail.state)")]
    [InlineData(WorkerLogin, "select mail.enqueue(null, 'duty@agency.example', 'en', 'alarm', '{\"kind\":\"log\"}'), mail.watch(), mail.claim(), mail.record(1, 1, 'later', 'busy'), mail.forget()")]
    [InlineData(CheckerLogin, "insert into quartz_checker.qrtz_locks values ('s', 'l')")]
    [InlineData(PortalLogin, "select complaint.submit('BL-0000000000', sha256(''), 'owner', 'never', 'good.example', true, 'en', null, 'text', 'a@b.example', null, null)")]
    [InlineData(PortalLogin, "select complaint.confirm('BL-0000000000', ''), complaint.recheck('BL-0000000000', ''), complaint.ask_proof('BL-0000000000', '', gen_random_uuid(), repeat('0', 32))")]
    [InlineData(PortalLogin, "select * from complaint.progress('BL-0000000000', ''), complaint.applied('BL-0000000000', '', '{}', '{}'), complaint.answer('BL-0000000000', '', 'x'), complaint.appeal('BL-0000000000', '', 'x')")]
    [InlineData(WorkerLogin, "select complaint.merge_duplicates(), complaint.look_for_entries(), complaint.escalate_late('{}'), complaint.write_mails(), complaint.forget()")]
    [InlineData(CurationLogin, "select reference, text, (select count(*) from complaint.dossier), complaint.working_days_after(now(), 5) from complaint.complaint")]
    [InlineData(PortalLogin, "select * from complaint.status('BL-0000000000', ''), complaint.disclose('BL-0000000000', ''), complaint.criteria()")]
    public async Task Login_does_its_work(string login, string sql) => await database.RunAsAsync(login, sql);
}
