using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Server.Publishing;

namespace BlockList.Server.Verifying;

/// <summary>The list that a candidate's step, or its whole list, makes.</summary>
internal static class ProposedList
{
    /// <exception cref="ObjectionException">It makes none, or another than the candidate names.</exception>
    public static ListFile Of(Candidate asked, ListFile previous)
    {
        try
        {
            var proposed = asked.Content.AsSpan().StartsWith(Delta.Magic) ? Delta.Parse(asked.Content).ApplyTo(previous) : ListFile.Take(asked.Content!);
            return proposed.Sha256 == asked.ListSha256 ? proposed : throw new ObjectionException("its step leads to another list than it names.");
        }
        catch (MalformedDocumentException problem)
        {
            throw new ObjectionException($"its step is none: {problem.Message}.");
        }
    }
}
