using System.Globalization;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Names;
using CsvHelper;

namespace BlockList.Server.Curation.Importing;

/// <summary>An import file as it was read: either every row holds, or there are errors, all of them.</summary>
internal sealed record ImportFile(IReadOnlyList<ImportRow> Rows, IReadOnlyList<ImportError> Errors)
{
    public const int MaximumRows = 250_000;

    /// <summary>So many are told of one file; one with more is not the file that was meant.</summary>
    public const int MaximumErrors = 50_000;

    /// <summary>The header of a file for a list: one column for each criterion that a curator decides there.</summary>
    public static string[] ColumnsOf(IReadOnlyList<string> criteria) => ["domain", "scope", "sighted_at", .. criteria, "reference", "note"];

    /// <summary>Largest file that is read, in bytes.</summary>
    public const int MaximumLength = 64 * 1024 * 1024;

    /// <summary>Reads a UTF-8 CSV file (RFC 4180). The dry run and the staging both call this and nothing else.</summary>
    /// <param name="file">The file.</param>
    /// <param name="criteria">Ids of the criteria that a curator decides on the list.</param>
    /// <param name="guard">Says which names can never be listed.</param>
    /// <param name="now">No sighting may lie after it.</param>
    /// <param name="leaseMonths">A sighting older than the lease would lapse at once.</param>
    /// <param name="progress">Told every thousand rows.</param>
    public static ImportFile Read(byte[] file, IReadOnlyList<string> criteria, NameGuard guard, DateTimeOffset now, int leaseMonths, IProgress<ImportProgress>? progress = null)
    {
        var columns = ColumnsOf(criteria);
        var errors = new List<ImportError>();
        if (FileText.FindError(file, columns) is { } whole) return new ImportFile([], [whole]);
        var total = file.AsSpan().Count((byte)'\n');
        using var csv = CsvReader.Create(file, new CsvReaderOptions
        {
            Separator = ',',
            TrimWhitespace = true,
            TrackLineNumbers = true,
            OnMalformedRecord = record => errors.Add(new ImportError((int)record.LineNumber, "", "", "The quotes of this row do not close where they should.", "Put a text that contains commas, quotes or line ends into quotes, and double each quote inside it.")),
        });
        csv.ReadHeader();
        if (ImportHeader.FindError([.. csv.Headers], columns) is { } header) return new ImportFile([], [header]);
        var rows = new List<ImportRow>();
        var firstLine = new Dictionary<ListedName, int>();
        while (csv.Read())
        {
            var line = (int)csv.LineNumber;
            if (csv.RowNumber > MaximumRows)
            {
                errors.Add(new ImportError(line, "", "", $"The file has more than {MaximumRows} rows.", "Split it."));
                break;
            }
            if (errors.Count >= MaximumErrors)
            {
                errors.Add(new ImportError(line, "", "", $"There are more than {MaximumErrors} problems; from this line on nothing was looked at.", "Mend those above first. Perhaps a column holds what belongs into another."));
                break;
            }
            if (csv.RowNumber % 1000 == 0) progress?.Report(new ImportProgress("Reading the file", (int)csv.RowNumber, Math.Max(total, (int)csv.RowNumber)));
            ReadRow(csv, line, criteria, guard, now, leaseMonths, firstLine, rows, errors);
        }
        return new ImportFile(errors.Count == 0 ? rows : [], [.. errors.OrderBy(e => e.Line)]);
    }

    private static void ReadRow(CsvReader csv, int line, IReadOnlyList<string> criteria, NameGuard guard, DateTimeOffset now, int leaseMonths,
        Dictionary<ListedName, int> firstLine, List<ImportRow> rows, List<ImportError> errors)
    {
        var before = errors.Count;
        var width = ColumnsOf(criteria).Length;
        if (csv.FieldCount != width)
        {
            // Its values stand under wrong headers: what else could be said of them would mislead.
            Fail("", "", $"The row has {csv.FieldCount} fields.", $"It must have {width}; leave a field empty rather than out, and put a text that contains commas into quotes.");
            return;
        }
        var name = ReadName(Field("domain"), Field("scope"));
        var sightedAt = ReadTime(Field("sighted_at"));
        var verdicts = criteria.Select(criterion => KeyValuePair.Create(criterion, ReadVerdict(criterion))).ToArray();
        var (type, number) = ReadReference(Field("reference"));
        var note = Field("note");
        if (note.Length > 2000) Fail("note", note, $"The note has {note.Length} characters.", "Keep it within 2000; longer texts belong into your own case file.");
        // The database stores no NUL, and a terminal obeys the others.
        if (note.Any(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n')))
            Fail("note", note, "The note has a control character, as files have that were cut from another program.", "Type the note anew.");
        if (name is { } listed && !firstLine.TryAdd(listed, line))
            Fail("domain", listed.Name.Ascii, $"Line {firstLine[listed]} has this name and scope already.", "Keep one of the two rows.");
        if (errors.Count == before)
            rows.Add(new ImportRow(line, name!.Value, sightedAt, new Verdicts(verdicts), type, number, note.Length == 0 ? null : note));

        string Field(string column) => csv.GetFieldIndex(column) is var index && index < csv.FieldCount ? csv.GetString(index) : "";

        void Fail(string column, string value, string reason, string fix) => errors.Add(new ImportError(line, column, ImportError.Cut(value), reason, fix));

        ListedName? ReadName(string domain, string scopeText)
        {
            Scope? scope = scopeText switch { "domain" => Scope.Domain, "host" => Scope.Host, _ => null };
            if (scope is null) Fail("scope", scopeText, "The scope is not known.", "Write domain for the name and everything below it, or host for that name only.");
            if (!DomainName.TryParse(domain, out var parsed, out var problem))
            {
                Fail("domain", domain, problem.Message, problem.Fix);
                return null;
            }
            if (scope is null) return null;
            var verdict = guard.Check(parsed, scope.Value);
            if (verdict.Objection is { } unfit)
            {
                Fail("domain", domain, unfit.Message, unfit.Fix);
                return null;
            }
            // One name among thousands is not looked at as it should be.
            if (verdict is GuardVerdict.NeedsOverride needs)
            {
                Fail("domain", domain, needs.Problem.Message, "Take the row out, and propose this name by itself if it is meant: it is published only when a release officer overrides the register in writing.");
                return null;
            }
            return new ListedName(parsed, scope.Value);
        }

        DateTimeOffset ReadTime(string text)
        {
            string[] patterns = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm'Z'"];
            if (!DateTimeOffset.TryParseExact(text, patterns, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
                Fail("sighted_at", text, "This is no time in UTC.", "Write it as 2026-11-21T06:00:00Z.");
            else if (time > now)
                Fail("sighted_at", text, "The sighting lies in the future.", "Write when a person last saw the material, in UTC (the time ends with Z).");
            else if (time.AddMonths(leaseMonths) <= now)
                Fail("sighted_at", text, $"The sighting is older than {leaseMonths} months, so the entry would lapse at once.", "Have a person look again, and write the new time.");
            return time;
        }

        Verdict ReadVerdict(string column)
        {
            if (!Verdicts.TryParse(Field(column), out var verdict)) Fail(column, Field(column), "The verdict is not known.", "Write met, not_met or unknown.");
            return verdict;
        }

        (string? Type, string? Number) ReadReference(string text)
        {
            if (text.Length == 0) return (null, null);
            if (Reference.TryParse(text, out var type, out var number)) return (type, number);
            Fail("reference", text, "The reference is not of the form TYPE:NUMBER.", $"Write one of {string.Join(", ", Reference.Types)}, a colon and the number, for example ICCAM:123456. Leave it empty if there is none.");
            return (null, null);
        }
    }
}
