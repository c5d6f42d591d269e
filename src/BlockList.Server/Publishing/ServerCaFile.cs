using BlockList.Server.Signing;

namespace BlockList.Server.Publishing;

/// <summary>The CA of the download endpoint, which travels in <c>trust.json</c> with each version. Read anew for each: a new CA
/// reaches the agents without a restart.</summary>
internal static class ServerCaFile
{
    /// <returns>PEM.</returns>
    /// <exception cref="SigningException">It cannot be read.</exception>
    public static async Task<byte[]> ReadAsync(PublishingOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(options.ServerCa, cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"The server CA for trust.json cannot be read: {problem.Message} Put the file of [Publishing] ServerCa back, readable by this role.", problem);
        }
    }
}
