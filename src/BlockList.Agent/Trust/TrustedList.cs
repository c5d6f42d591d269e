using BlockList.Agent.State;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Trust;

/// <summary>What verified metadata says of a list now.</summary>
/// <param name="Version">The version that it offers.</param>
/// <param name="File">Length and hash of <c>list.txt</c>.</param>
/// <param name="Files">All files that it offers, deltas among them.</param>
/// <param name="Facts">What it says of the version.</param>
/// <param name="Root">Whose keys vouch for it.</param>
internal sealed record TrustedList(ListVersion Version, TargetFile File, IReadOnlyDictionary<string, TargetFile> Files, ListFacts Facts, RootDocument Root)
{
    public const string ListFileName = "list.txt";

    /// <exception cref="RefusedException">There is no list, or it says it is another deployment's or another list.</exception>
    /// <exception cref="Format.Json.MalformedDocumentException">It does not say what it is.</exception>
    public static TrustedList Of(RootDocument root, TargetsDocument targets)
    {
        if (!targets.Files.TryGetValue(ListFileName, out var file))
            throw new RefusedException(RefusalReason.Malformed, $"targets {targets.Version} names no {ListFileName}");
        if (file.Custom is not { } custom)
            throw new RefusedException(RefusalReason.Malformed, $"targets {targets.Version} says nothing about {ListFileName}");
        var facts = ListFacts.Parse(custom);
        // A stock client cannot tell two lists apart that share keys; these two names can.
        if (facts.Deployment != root.Deployment || facts.List != root.List)
            throw new RefusedException(RefusalReason.Foreign, $"targets {targets.Version} is for list \"{facts.List}\" of deployment \"{facts.Deployment}\", root for \"{root.List}\" of \"{root.Deployment}\"");
        return new TrustedList(ListVersion.Of(facts, file), file, targets.Files, facts, root);
    }
}
