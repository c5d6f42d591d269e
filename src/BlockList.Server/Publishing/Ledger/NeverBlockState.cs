using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>The never-block register as the ledger's rows add up to it.</summary>
internal sealed class NeverBlockState
{
    private readonly Dictionary<string, (long Sequence, string Sha256)> credentials = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, NeverBlockStatement> inForce = [];
    private readonly List<NeverBlockStatement> imports = [];

    /// <summary>Counts up with each statement that has effect.</summary>
    public long Revision { get; private set; }

    /// <summary>The list of sites in force, or null.</summary>
    public NeverBlockStatement? SiteList => imports.Count == 0 ? null : imports[^1];

    /// <summary>Single names in force.</summary>
    public IEnumerable<(Guid Statement, DomainName Name, RegisterSource Source)> Rows =>
        inForce.Values.Where(s => s.Name is not null).Select(s => (s.Id, s.Name!, SourceText.TryParse(s.Source, out var source) ? source : RegisterSource.Hand));

    /// <summary>Last sequence number and statement hash of a credential among its statements about the register, (0, null) before its first.</summary>
    public (long Sequence, string? Sha256) HeadOf(string credential) => credentials.TryGetValue(credential, out var head) ? head : (0, null);

    /// <summary>Why an authentic statement has no effect, or null where it has.</summary>
    public string? FindObjection(NeverBlockStatement statement, RegisteredCredential credential)
    {
        var isOfRelease = credential.Roles.Contains(RegisteredCredential.ReleaseOfficer);
        var mayAdd = statement.Action == NeverBlockAction.Add && statement.Source != NeverBlockStatement.Proven && credential.Roles.Contains(RegisteredCredential.Curator);
        if (!isOfRelease && !mayAdd) return "the person has not the role for this row";
        if (statement.Action == NeverBlockAction.Add && inForce.Values.Any(s => s.Name == statement.Name && s.Source == statement.Source)) return "the register has this row";
        if (statement.Action != NeverBlockAction.Retire) return null;
        if ((inForce.GetValueOrDefault(statement.Retires!.Value) ?? imports.Find(i => i.Id == statement.Retires)) is not { } retired) return "there is no such row";
        if (retired.Source != statement.Source || retired.Name != statement.Name) return "the row is another one than the statement says";
        return retired.Person == statement.Person ? "nobody retires their own row" : null;
    }

    public void Apply(LedgerRow row)
    {
        credentials[row.Credential!] = (row.Sequence!.Value, row.StatementSha256!);
        if (row.Outcome != LedgerRow.Accepted) return;
        var statement = NeverBlockStatement.Parse(row.Statement);
        Revision++;
        switch (statement.Action)
        {
            case NeverBlockAction.Add: inForce.Add(statement.Id, statement); break;
            case NeverBlockAction.Import: imports.Add(statement); break;
            default:
                inForce.Remove(statement.Retires!.Value);
                imports.RemoveAll(i => i.Id == statement.Retires);
                break;
        }
    }
}
