namespace BlockList.Format.Statements;

/// <summary>The complaints about one entry. Few entries have any.</summary>
internal sealed class ComplaintCases
{
    private readonly Dictionary<string, ComplaintCase> cases = new(StringComparer.Ordinal);
    private readonly HashSet<string> deciders = new(StringComparer.Ordinal);

    public bool IsSuspended { get; private set; }

    public bool HasDecisionBy(string person) => deciders.Contains(person);

    public ComplaintCase Find(string reference) => cases.GetValueOrDefault(reference, ComplaintCase.New);

    public void Take(DecisionStatement statement)
    {
        cases[statement.Case!] = Find(statement.Case!).After(statement);
        deciders.Add(statement.Person);
        IsSuspended = cases.Values.Any(complaint => complaint.IsSuspended);
    }
}
