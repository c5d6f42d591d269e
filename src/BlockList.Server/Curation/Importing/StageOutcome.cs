namespace BlockList.Server.Curation.Importing;

/// <summary>What staging a file led to.</summary>
internal abstract record StageOutcome
{
    private StageOutcome()
    {
    }

    /// <summary>Every row holds; <paramref name="Import"/> is null after a dry run.</summary>
    internal sealed record Staged(Guid? Import, int Proposals, int Reviews, int Skipped) : StageOutcome;

    /// <summary>Nothing was loaded.</summary>
    internal sealed record Refused(IReadOnlyList<ImportError> Errors) : StageOutcome;
}
