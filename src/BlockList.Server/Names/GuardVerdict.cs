using BlockList.Format.Names;

namespace BlockList.Server.Names;

/// <summary>What the never-block guard says of a name that someone wants to list.</summary>
internal abstract record GuardVerdict
{
    private GuardVerdict()
    {
    }

    /// <summary>Nothing speaks against it.</summary>
    internal sealed record Clear : GuardVerdict;

    /// <summary>It can never be listed, whoever signs.</summary>
    internal sealed record Refuse(NameProblem Problem) : GuardVerdict;
}
