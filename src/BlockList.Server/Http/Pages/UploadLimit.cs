using Microsoft.AspNetCore.Http.Metadata;

namespace BlockList.Server.Http.Pages;

/// <summary>Of an endpoint that takes a file: what is longer gets an answer that says so.</summary>
/// <param name="Bytes">Of the whole body.</param>
/// <param name="Advice">With a file that is longer.</param>
internal sealed record UploadLimit(long Bytes, string Advice = "Split it into files that are shorter, each with the header line, and send them one after the other.") : IRequestSizeLimitMetadata
{
    /// <summary>A browser reads no answer before it has sent all, unless the connection breaks; so much more is read and
    /// dropped for the answer to arrive.</summary>
    private const int Patience = 4;

    public long? MaxRequestBodySize => Bytes * Patience;
}
