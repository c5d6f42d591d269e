using System.Text;
using BlockList.Server.Signing;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Verifying;

/// <summary>
/// What this verifier signed, in a file on its own host: a database that was restored, or that somebody cut, does not make it
/// forget. A line is on the disk before the answer is committed; a crash in between leaves a line without an answer, which
/// <see cref="RecallSigned"/> gives then. Used by one process at a time.
/// </summary>
internal sealed partial class RecordFile(RecordKey key, IOptions<VerifyingOptions> options, ILogger<RecordFile> logger) : IDisposable
{
    /// <summary>Lines of one list that are kept when the file is read at the start: years of them.</summary>
    public const int KeptOfAList = 1000;

    private static readonly UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private List<RecordedSignature> lines = [];
    private FileStream? inUse, file;

    private string FilePath => options.Value.RecordFile;

    /// <summary>All that it knows of a list, the newest last.</summary>
    /// <exception cref="SigningException">The file is damaged, is another process's, or cannot be used.</exception>
    public IReadOnlyList<RecordedSignature> Of(string list)
    {
        Open();
        return [.. lines.Where(line => line.List == list)];
    }

    /// <exception cref="SigningException">As of <see cref="Of"/>.</exception>
    public IReadOnlyList<string> Lists()
    {
        Open();
        return [.. lines.Select(line => line.List).Distinct()];
    }

    /// <summary>Returns when the line is on the disk.</summary>
    /// <exception cref="SigningException">It is not, and whatever it was for must not be signed.</exception>
    public void Append(RecordedSignature signature) => Try(() =>
    {
        Open();
        try
        {
            file!.Write(Encoding.ASCII.GetBytes(signature.ToLine(key) + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // A full disk leaves a part of the line: the next use reads the file anew and cuts it off.
            Close();
            throw;
        }
        lines.Add(signature);
    });

    /// <summary>Takes a line back whose signature nobody was given.</summary>
    public void Remove(RecordedSignature signature) => Try(() =>
    {
        Open();
        Rewrite([.. lines.Where(line => line != signature)]);
    });

    /// <summary>Reads the file beside the process that writes it; what is not a whole line yet is left out.</summary>
    /// <exception cref="SigningException">The file is damaged or cannot be read.</exception>
    public static IReadOnlyList<RecordedSignature> Read(string path, RecordKey key)
    {
        try
        {
            return File.Exists(path) ? Parse(File.ReadAllBytes(path), path, key).Lines : [];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, problem);
        }
    }

    public void Dispose() => Close();

    private void Open()
    {
        if (file is not null) return;
        Try(() =>
        {
            // Not the file itself: the command that resumes reads it while the role runs.
            inUse = new FileStream(FilePath + ".lock", new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnersOnly });
            var isNew = !File.Exists(FilePath);
            file = OpenToWrite(FilePath);
            if (isNew)
            {
                RecordDirectory.Sync(FilePath);
                Log.Began(logger, FilePath);
            }
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            (lines, var whole) = Parse(bytes, FilePath, key);
            if (whole < bytes.Length)
            {
                file.SetLength(whole);
                file.Flush(flushToDisk: true);
                Log.Torn(logger, FilePath, bytes.Length - whole);
            }
            file.Position = whole;
            var kept = lines.GroupBy(line => line.List).SelectMany(list => list.TakeLast(KeptOfAList)).ToList();
            if (kept.Count < lines.Count) Rewrite(kept);
        });
    }

    /// <summary>A crash leaves the old file or the new one.</summary>
    private void Rewrite(List<RecordedSignature> kept)
    {
        var temporary = FilePath + ".new";
        File.Delete(temporary);
        var fresh = OpenToWrite(temporary);
        try
        {
            fresh.Write(Encoding.ASCII.GetBytes(string.Concat(kept.Select(line => line.ToLine(key) + "\n"))));
            fresh.Flush(flushToDisk: true);
            File.Move(temporary, FilePath, overwrite: true);
            RecordDirectory.Sync(FilePath);
        }
        catch (IOException)
        {
            fresh.Dispose();
            Close();
            throw;
        }
        file!.Dispose();
        (file, lines) = (fresh, kept);
    }

    private void Close()
    {
        file?.Dispose();
        inUse?.Dispose();
        (file, inUse, lines) = (null, null, []);
    }

    private void Try(Action use)
    {
        try
        {
            use();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Close();
            throw Unusable(FilePath, problem);
        }
        catch (SigningException)
        {
            Close();
            throw;
        }
    }

    private static (List<RecordedSignature> Lines, int Whole) Parse(byte[] bytes, string path, RecordKey key)
    {
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        var lines = new List<RecordedSignature>();
        foreach (var line in Encoding.Latin1.GetString(bytes, 0, whole).Split('\n').SkipLast(1))
            lines.Add(RecordedSignature.TryParse(line, key) ?? throw new SigningException($"The verifier's record file {path} is damaged in line {lines.Count + 1}: this verifier did not write it, or [Verifying] RecordKeyFile is another than then. Nothing is signed, since it may have signed what the line no longer says. Take the file from a backup of this host; an older one does too. With none, see \"The record file is damaged\" in the runbook."));
        return (lines, whole);
    }

    private static FileStream OpenToWrite(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, UnixCreateMode = OwnersOnly, BufferSize = 0 });

    private static SigningException Unusable(string path, Exception problem) =>
        new($"The verifier's record file {path} cannot be used: {problem.Message} Nothing is signed without it. Look for room on the disk, for the right to write there, and for a second verifier that has the same [Verifying] RecordFile.", problem);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Began the record file {Path}. What was signed before it, this verifier knows from the database alone.")]
        public static partial void Began(ILogger logger, string path);

        [LoggerMessage(LogLevel.Warning, "The record file {Path} ended in the middle of a line, as a crash leaves it. {Bytes} bytes were cut off; nobody has a signature of that line.")]
        public static partial void Torn(ILogger logger, string path, int bytes);
    }
}
