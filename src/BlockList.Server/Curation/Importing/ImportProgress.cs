namespace BlockList.Server.Curation.Importing;

/// <summary>How far the work on an import has come.</summary>
/// <param name="Step">What is being done, in words: "Reading the file".</param>
/// <param name="Rows">Done of it.</param>
/// <param name="Of">All of it; 0 where it cannot be counted.</param>
internal sealed record ImportProgress(string Step, int Rows, int Of);
