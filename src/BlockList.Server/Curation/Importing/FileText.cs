using System.Text.Unicode;

namespace BlockList.Server.Curation.Importing;

/// <summary>Whether bytes are the text that an import file must be; said before anything of it is read.</summary>
internal static class FileText
{
    private const string SaveAs = "Save it as “CSV UTF-8” and choose that file.";

    public static ImportError? FindError(ReadOnlySpan<byte> file, string[] columns)
    {
        if (file.IsEmpty) return Whole("The file is empty.", "Start it with the line " + string.Join(',', columns));
        if (file.Length > ImportFile.MaximumLength) return Whole($"The file is longer than {ImportFile.MaximumLength / 1024 / 1024} MB.", "Split it.");
        if (file.StartsWith("PK\x3\x4"u8) || file.StartsWith(new byte[] { 0xD0, 0xCF, 0x11, 0xE0 })) return Whole("The file is a workbook of a spreadsheet program, or another archive, and not CSV.", "Open it in that program. " + SaveAs);
        if (file.StartsWith(new byte[] { 0xFF, 0xFE }) || file.StartsWith(new byte[] { 0xFE, 0xFF })) return Whole("The file is not UTF-8 but UTF-16.", SaveAs);
        if (!Utf8.IsValid(file)) return Whole("The file is not UTF-8.", SaveAs);
        // In the header no byte is NUL: what has one there is a program, a picture or a database, whatever it is called. In a row it
        // is an error of that row.
        var end = file.IndexOf((byte)'\n');
        return file[..(end < 0 ? file.Length : end)].Contains((byte)0) ? Whole("The file is binary and not text.", "Choose a CSV file of names. Nothing else belongs here.") : null;

        static ImportError Whole(string reason, string fix) => new(1, "", "", reason, fix);
    }
}
