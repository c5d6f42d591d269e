namespace BlockList.Server.Curation.Importing;

/// <summary>An import as its page and the list of imports show it.</summary>
/// <param name="Import">Its row.</param>
/// <param name="AgencyName">Whose it is.</param>
/// <param name="PersonName">Who imported.</param>
/// <param name="SubmittedByName">Who signed it.</param>
/// <param name="RevertedByName">Who took it back.</param>
/// <param name="IsSilent">A process was at work on it and says nothing any more: it crashed.</param>
internal sealed record ImportLine(Import Import, string AgencyName, string PersonName, string? SubmittedByName, string? RevertedByName, bool IsSilent)
{
    public bool IsAtWork => ImportStates.IsAtWork(Import.State) && !IsSilent;
}
