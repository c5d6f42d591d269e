using BlockList.Server.Access;
using BlockList.Server.Curation.Reading;

namespace BlockList.Server.Curation.Pages;

/// <summary>One way of waiting, as a tab of the queue.</summary>
/// <param name="Id">In addresses.</param>
/// <param name="Label">Its word.</param>
/// <param name="StateHeading">Of the column that says where an entry stands.</param>
/// <param name="OffersAssessment">Whether a curator assesses from here.</param>
/// <param name="EmptyTitle">When nothing waits.</param>
/// <param name="EmptyText">What that means and what comes next.</param>
internal sealed record QueueTab(string Id, string Label, string StateHeading, bool OffersAssessment, string EmptyTitle, string EmptyText)
{
    public static readonly QueueTab[] All =
    [
        new("review", "To assess", "State", true, "Nothing waits for your agency", "Every entry that needs another agency has your agency's assessment, or nobody proposed anything. New proposals of other agencies appear here."),
        new("lapsing", "Lapsing soon", "Lease", false, "No entry of your agency lapses soon", "Entries that your agency assessed appear here 14 days before their lease ends. A new sighting by a person renews it."),
        new("disputed", "Disputed", "State", false, "No entry of your agency is disputed", "An entry appears here when an agency found a criterion not met. Your agency may look again, or withdraw."),
        new("mine", "Mine", "State", true, "You hold no claim", "Assess an entry and it is yours for 30 minutes; colleagues of your agency see that you are at it."),
        new(QueueKeys.Guard, "Guard", "Never-block guard", false, "The never-block guard speaks against no entry", "Published entries that a new rule touches appear here, which is an alarm, and decided ones that are left out of the list: those that you can override, and those that only a removal ends."),
        new(QueueKeys.ReReview, "Left out", "State", true, "No provider leaves out an entry of your agency", "Entries that a provider's own never-block file takes out appear here once. Look whether they still meet the criteria; your next assessment, withdrawal or removal answers it."),
        new("untold", "Host not told", "State", false, "Everyone who can take material down was told", "Entries without any notification to the hosting country's bureau, a hotline or ICCAM appear here: takedown comes first."),
    ];

    /// <summary>Those that are the viewer's affair.</summary>
    public static IEnumerable<QueueTab> For(Viewer viewer) => All.Where(tab => tab.Id switch
    {
        QueueKeys.Guard => QueueKeys.MayReadGuard(viewer),
        QueueKeys.ReReview => QueueKeys.MayReadReReviews(viewer),
        _ => true,
    });

    public static QueueTab Of(string? id, Viewer viewer) => For(viewer).FirstOrDefault(tab => tab.Id == id) ?? All[0];
}
