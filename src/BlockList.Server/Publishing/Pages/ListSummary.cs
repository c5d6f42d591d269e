using BlockList.Server.Access;
using BlockList.Server.Criteria;

namespace BlockList.Server.Publishing.Pages;

/// <summary>A list as people look it up.</summary>
/// <param name="List">Its parameters.</param>
/// <param name="Newest">Its newest version; null before the first.</param>
/// <param name="Criteria">Every version of its criteria that this installation has, the newest first.</param>
/// <param name="Agencies">Those that decide on it.</param>
/// <param name="Schedules">When it is published.</param>
/// <param name="NextRuns">The next five times.</param>
internal sealed record ListSummary(ListParameters List, PublishedVersion? Newest, IReadOnlyList<CriteriaVersion> Criteria, IReadOnlyList<Agency> Agencies,
    IReadOnlyList<PublishingSchedule> Schedules, IReadOnlyList<DateTimeOffset> NextRuns);
