using BlockList.Server.Access;

namespace BlockList.Server.Curation;

/// <summary>
/// Who sees what of entries: the one place. In an open episode other agencies' votes, people, times, notes, sightings and
/// disputes are for those whose own agency has voted in it, and for reading roles, which belong to no agency.
/// </summary>
/// <param name="Agency">Of the viewer; null where they have none.</param>
/// <param name="ReadsEverything">Auditors and oversight.</param>
internal sealed record Sight(string? Agency, bool ReadsEverything)
{
    /// <summary>The same rule in SQL, for an episode <c>e</c>; the agency is the parameter <c>@sight_agency</c> and
    /// <c>@sight_all</c> says whether the viewer reads everything.</summary>
    public const string SeesInSql = "(@sight_all or strpos(' ' || e.voters || ' ', ' ' || @sight_agency || ' ') > 0)";

    public static Sight Of(Viewer viewer) => new(viewer.Agency, viewer.ReadsEverything);

    /// <summary>Whether the viewer sees what was said in an open episode.</summary>
    /// <param name="voters">Of the episode: ids of agencies, a space between them.</param>
    public bool Sees(string voters) => ReadsEverything || HasVoted(voters);

    /// <summary>Whether the viewer's agency voted in it.</summary>
    public bool HasVoted(string voters) => Agency is not null && Has(voters, Agency);

    public static bool Has(string voters, string agency) => voters.Split(' ').Contains(agency, StringComparer.Ordinal);
}
