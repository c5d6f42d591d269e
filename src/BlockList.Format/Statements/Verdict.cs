namespace BlockList.Format.Statements;

/// <summary>One criterion in one assessment. Only <see cref="Met"/> counts towards a listing.</summary>
public enum Verdict
{
    Met,
    NotMet,

    /// <summary>The curator could not determine it.</summary>
    Unknown,
}
