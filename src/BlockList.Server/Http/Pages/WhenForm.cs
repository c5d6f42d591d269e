namespace BlockList.Server.Http.Pages;

/// <summary>How much of an instant there is room for.</summary>
public enum WhenForm
{
    /// <summary>Day, time in UTC and in the reader's zone.</summary>
    Full,

    /// <summary>For columns headed "UTC"; the rest is in the title.</summary>
    Short,

    /// <summary>Where the hour says nothing; the rest is in the title.</summary>
    Day,
}
