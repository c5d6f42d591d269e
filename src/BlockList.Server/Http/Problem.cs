namespace BlockList.Server.Http;

/// <summary>A request that is refused or cannot be answered, for the program and the person at the other end (RFC 9457).</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Code">What it is, in words that programs compare: <c>certificate-expired</c>. Never changes once published.</param>
/// <param name="Title">What happened.</param>
/// <param name="Detail">What it means and what to do.</param>
internal sealed record Problem(int Status, string Code, string Title, string Detail)
{
    /// <summary>The <c>type</c> of the problem document.</summary>
    public string Type => "urn:blocklist:problem:" + Code;
}
