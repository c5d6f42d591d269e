using System.Globalization;

namespace BlockList.Server.Curation.Entries;

/// <summary>Where a page ended, for an address: the key of its last row, by its handle, since names stand in no address.</summary>
/// <param name="Handle">Of the last row.</param>
/// <param name="List">Of the last row.</param>
/// <param name="Place">What the rows are ordered by before the handle, as a number.</param>
internal sealed record Cursor(Guid Handle, string List, long Place)
{
    /// <summary>Before the first row.</summary>
    public static readonly Cursor Start = new(Guid.Empty, "", long.MinValue);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Handle:N}.{List}.{Place}");

    /// <summary>What is no cursor begins with the first page.</summary>
    public static Cursor Parse(string? text) =>
        text?.Split('.') is [var handle, { Length: <= 16 } list, var place] && Guid.TryParseExact(handle, "N", out var id) && long.TryParse(place, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at)
            ? new Cursor(id, list, at)
            : Start;
}
