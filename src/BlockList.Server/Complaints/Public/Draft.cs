namespace BlockList.Server.Complaints.Public;

/// <summary>A complaint on its way through the form: what was typed, as it was typed. It travels in the form itself, sealed.</summary>
internal sealed record Draft
{
    /// <summary>128 random bits.</summary>
    public required byte[] Id { get; init; }

    public string Party { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Domain { get; init; } = "";

    public string Since { get; init; } = "";

    public string Text { get; init; } = "";

    public string Email { get; init; } = "";

    /// <summary>Questions that were answered and left forwards.</summary>
    public IReadOnlyList<Step> Passed { get; init; } = [];

    /// <summary>When the work was given out, in seconds of Unix; 0 where none was.</summary>
    public long WorkGiven { get; init; }

    public int WorkBits { get; init; }

    public string Of(Step step) => step switch
    {
        Step.Party => Party,
        Step.Kind => Kind,
        Step.Domain => Domain,
        Step.Since => Since,
        Step.Text => Text,
        Step.Email => Email,
        _ => "",
    };

    public Draft With(Step step, string value) => step switch
    {
        Step.Party => this with { Party = value },
        Step.Kind => this with { Kind = value },
        Step.Domain => this with { Domain = value },
        Step.Since => this with { Since = value },
        Step.Text => this with { Text = value },
        Step.Email => this with { Email = value },
        _ => this,
    };

    public Draft After(Step step) => Passed.Contains(step) ? this : this with { Passed = [.. Passed, step] };
}
