using BlockList.Format.Statements;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>What people said of held versions, as far as it was taken into the ledger.</summary>
internal sealed class VersionDecisions
{
    private readonly Dictionary<(Guid Held, string ChangeSha256), VersionWord> said = [];
    private readonly Dictionary<string, (long Sequence, string Sha256)> credentials = new(StringComparer.Ordinal);

    /// <summary>The newest word on exactly this change, or null.</summary>
    public VersionWord? Of(Guid held, string changeSha256) => said.GetValueOrDefault((held, changeSha256));

    /// <summary>Last sequence number and statement hash of a credential, (0, null) before its first.</summary>
    public (long Sequence, string? Sha256) HeadOf(string credential) => credentials.TryGetValue(credential, out var head) ? head : (0, null);

    public void Apply(LedgerRow row)
    {
        credentials[row.Credential!] = (row.Sequence!.Value, row.StatementSha256!);
        if (row.Outcome != LedgerRow.Accepted) return;
        var statement = VersionStatement.Parse(row.Statement);
        said[(statement.Held, statement.ChangeSha256)] = new VersionWord(statement.Action, new LedgerPoint(row.Position, row.ReceivedAt));
    }
}

/// <summary>A word on a held version, and where it stands in the ledger.</summary>
internal sealed record VersionWord(VersionAction Action, LedgerPoint At);
