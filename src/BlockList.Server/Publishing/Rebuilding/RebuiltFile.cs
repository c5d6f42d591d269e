namespace BlockList.Server.Publishing.Rebuilding;

/// <summary>A file of a past version as its inputs give it now.</summary>
/// <param name="Path">Of the target, <c>list.txt</c>.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Outcome">How it compares with what was published.</param>
internal sealed record RebuiltFile(string Path, byte[] Content, RebuiltFile.Comparison Outcome)
{
    internal enum Comparison
    {
        Equal,

        Different,

        /// <summary>Nothing of that name was published: a step that was longer than is offered.</summary>
        NotPublished,
    }
}
