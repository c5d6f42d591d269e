using BlockList.Agent.Applying;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Resolvers;

/// <summary>Compares what was read back with the list. A renderer is never believed, nor is the disk.</summary>
internal static class RenderedCheck
{
    private const string Unused = "It was not used; what was in force stays. Check the disk.";

    /// <param name="list">What must be enforced.</param>
    /// <param name="version">Under which serial.</param>
    /// <param name="files">What was rendered.</param>
    /// <param name="read">Reads it back: its serial, and the list that it enforces.</param>
    public static Rendering Of(ListFile list, Serial version, StagedFiles files, Func<(Serial Serial, ListFile Enforced)> read)
    {
        try
        {
            var due = RpzZone.Enforceable(list);
            var (serial, enforced) = read();
            if (serial != version || !enforced.HasEntriesOf(due))
                throw new ApplyFailedException($"what was rendered for the resolver does not enforce the list. {Unused}", ApplyFailedException.Render);
            return new Rendering(files.NextSha256!, LeftOut: due.Count - enforced.Count);
        }
        catch (MalformedDocumentException problem)
        {
            throw new ApplyFailedException($"what was rendered for the resolver cannot be read back ({problem.Message}). {Unused}", ApplyFailedException.Render, problem);
        }
    }
}
