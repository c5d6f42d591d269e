using BlockList.Format;

namespace BlockList.Server.Publishing;

/// <summary>The highest numbers that the verifier ever signed of a list.</summary>
/// <param name="Serial">Of a version; null before the first.</param>
/// <param name="ListSha256">The list that it signed under that serial: no other one gets it.</param>
/// <param name="TargetsVersion">0 before the first.</param>
internal sealed record Countersigned(Serial? Serial, string? ListSha256, int TargetsVersion)
{
    public static readonly Countersigned Nothing = new(null, null, 0);

    /// <summary>
    /// The serial that a list gets after <paramref name="head"/>: the next one. Where a publisher died after it had the verifier's
    /// signature, that serial belongs to the list of then; another list goes on above it, without a step from the version before.
    /// </summary>
    public Serial NextFor(Serial? head, string listSha256)
    {
        var next = head?.Next() ?? Format.Serial.First;
        if (Serial is not { } highest || highest.Value < next.Value) return next;
        return highest.Value == next.Value && ListSha256 == listSha256 ? next : highest.Next();
    }
}
