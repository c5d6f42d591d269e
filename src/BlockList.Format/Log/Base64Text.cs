namespace BlockList.Format.Log;

/// <summary>Base 64 in its one spelling (RFC 4648 section 4, with padding, without anything between).</summary>
internal static class Base64Text
{
    /// <summary>The bytes, or null where the text is not exactly what encoding them gives.</summary>
    public static byte[]? TryRead(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == text ? bytes[..length] : null;
    }

    /// <summary>A hash, or null.</summary>
    public static byte[]? TryReadHash(string text) => TryRead(text) is { Length: 32 } hash ? hash : null;
}
