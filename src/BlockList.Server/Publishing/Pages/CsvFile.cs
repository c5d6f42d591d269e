using CsvHelper;

namespace BlockList.Server.Publishing.Pages;

/// <summary>Rows as a CSV file (RFC 4180), written as they come from the database. A spreadsheet takes a cell that begins like a formula for
/// one, and lines of hosts begin with an equals sign: such cells get an apostrophe before them.</summary>
internal static class CsvFile
{
    private static readonly CsvWriterOptions Harmless = new() { Injection = CsvInjection.Escape };

    public static IResult Of(string name, string[] header, IAsyncEnumerable<string[]> rows, CancellationToken cancellationToken) =>
        Results.Stream(stream => WriteAsync(stream, header, rows, cancellationToken), "text/csv; charset=utf-8", name);

    internal static async Task WriteAsync(Stream stream, string[] header, IAsyncEnumerable<string[]> rows, CancellationToken cancellationToken)
    {
        await using var csv = CsvWriter.Create(stream, Harmless, leaveOpen: true);
        await csv.WriteRecordAsync(header, cancellationToken);
        await foreach (var row in rows.WithCancellation(cancellationToken)) await csv.WriteRecordAsync(row, cancellationToken);
        await csv.FlushAsync(cancellationToken);
    }
}
