using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Database;

/// <summary>The forbidden, tried for real by the login that would gain from it.</summary>
public sealed class RefusalTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
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
    [MemberData(nameof(Forbidden.Statements), MemberType = typeof(Forbidden))]
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
