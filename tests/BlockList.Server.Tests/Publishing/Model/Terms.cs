namespace BlockList.Server.Tests.Publishing.Model;

/// <summary>What a list demands, in the words of the model.</summary>
/// <param name="Country">Of a national list.</param>
/// <param name="AcceptsOld">Assessments under version 0 of the criteria count still.</param>
internal sealed record Terms(int Agencies, int Countries, int Months, string? Country, bool AcceptsOld = true)
{
    public static readonly Terms[] All = [new(2, 2, 3, null), new(2, 2, 3, null), new(1, 1, 3, null), new(1, 1, 6, "NO"), new(2, 1, 1, null), new(3, 2, 3, null)];

    /// <summary>Version 2 is one that no list accepts.</summary>
    public bool Accepts(int criteria) => criteria == 1 || (criteria == 0 && AcceptsOld);

    /// <summary>As a later register has them.</summary>
    public Terms Later() => this with { AcceptsOld = false };
}
