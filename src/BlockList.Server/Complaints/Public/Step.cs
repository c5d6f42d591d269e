namespace BlockList.Server.Complaints.Public;

/// <summary>The questions of the form in their order, one a page, and the look at all answers.</summary>
internal enum Step
{
    Party,
    Kind,
    Domain,
    Since,
    Text,
    Email,
    Check,
}
