using Microsoft.AspNetCore.Http.Metadata;

namespace BlockList.Server.Http.Pages;

/// <summary>Of an endpoint that takes a file: what is longer gets an answer that says so.</summary>
/// <param name="Bytes">Of the whole body.</param>
internal sealed record UploadLimit(long Bytes) : IRequestSizeLimitMetadata
{
    /// <summary>A browser reads no answer before it has sent all, unless the connection breaks; so much more is read and
    /// dropped for the answer to arrive.</summary>
    private const int Patience = 4;

    public long? MaxRequestBodySize => Bytes * Patience;
}
