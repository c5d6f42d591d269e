using Microsoft.AspNetCore.Http;

namespace BlockList.Tools.Conformance.Serving;

/// <summary>Answers a request for a file.</summary>
/// <param name="context">The exchange.</param>
/// <param name="file">The file that an honest server would send, or null where it has none.</param>
/// <param name="encoding">The content encoding that the server prefers.</param>
internal delegate Task Misserving(HttpContext context, byte[]? file, string encoding);
