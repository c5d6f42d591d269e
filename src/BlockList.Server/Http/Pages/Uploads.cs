using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace BlockList.Server.Http.Pages;

/// <summary>Bodies with a file, where the file is not to be read into memory.</summary>
internal static class Uploads
{
    private const int LongestField = 64 * 1024;

    /// <summary>Whether the body says that it is longer than its endpoint takes.</summary>
    public static bool IsTooLong(HttpContext context, out long limit)
    {
        limit = context.GetEndpoint()?.Metadata.GetMetadata<UploadLimit>()?.Bytes ?? long.MaxValue;
        return context.Request.ContentLength > limit;
    }

    /// <summary>The fields that come before the first file. The file itself is dropped unread.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadFieldsAsync(HttpContext context)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= 100 } boundary) return fields;
        try
        {
            var reader = new MultipartReader(boundary.Value!, context.Request.Body) { BodyLengthLimit = LongestField };
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section && section.AsFormDataSection() is { } field) fields[field.Name] = await field.GetValueAsync(context.RequestAborted);
            await DropAsync(context);
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException)
        {
            // What was read of it until then is what there is.
        }
        return fields;
    }

    /// <summary>Reads what is left of the body and keeps nothing.</summary>
    public static async Task DropAsync(HttpContext context)
    {
        try
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }
        catch (BadHttpRequestException)
        {
            // Longer than anyone has patience for: the connection ends.
        }
    }
}
