using BlockList.Format.Names;

namespace BlockList.Server.Names.Register;

/// <summary>What became of a change of the register.</summary>
internal abstract record RegisterOutcome
{
    private RegisterOutcome()
    {
    }

    /// <summary>It is in force here, and at the publisher with its next run.</summary>
    internal sealed record Done(Guid Statement, SiteFile? File) : RegisterOutcome;

    /// <summary>Nothing was changed.</summary>
    internal sealed record Refused(NameProblem Problem) : RegisterOutcome;
}
