using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Server.Signing;
using BlockList.Server.Verifying;
using BlockList.Tools.Development;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>The file in which the verifier keeps what it signed: whole lines after whatever end, and no line that it did not write.</summary>
public sealed class RecordFileTests : IDisposable
{
    private readonly StateDirectory state = StateDirectory.Temporary();
    private readonly CapturedLog log = new();
    private readonly LoggerFactory loggers;
    private readonly IOptions<VerifyingOptions> options;

    public RecordFileTests()
    {
        loggers = new LoggerFactory([log]);
        options = Options.Create(new VerifyingOptions { RecordFile = state.File("record"), RecordKeyFile = NewKey("key") });
    }

    private string FilePath => options.Value.RecordFile;

    public void Dispose()
    {
        loggers.Dispose();
        log.Dispose();
        state.Dispose();
    }

    [Fact]
    public void What_was_written_is_there_after_a_start_in_its_order_and_under_its_list()
    {
        var lines = new[] { Line("worst-of", 1), Line("enforcement-test", 1), Line("worst-of", 2) };
        using (var file = Open())
            foreach (var line in lines) file.Append(line);
        using var again = Open();
        Assert.Equal([lines[0], lines[2]], again.Of("worst-of"));
        Assert.Equal([lines[1]], again.Of("enforcement-test"));
        Assert.Empty(again.Of("no-national"));
        Assert.Equal(["worst-of", "enforcement-test"], again.Lists());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Contains("Began the record file", Assert.Single(log.At(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(300)]
    public void Last_line_that_a_crash_tore_is_cut_off_with_a_warning_and_the_next_one_is_whole(int written)
    {
        Write(Line("worst-of", 1), Line("worst-of", 2));
        var torn = (Line("worst-of", 3).ToLine(Key()) + "\n")[..^1];
        File.AppendAllText(FilePath, torn[..Math.Min(written, torn.Length)]);
        Assert.Equal(2, RecordFile.Read(FilePath, Key()).Count);
        using (var file = Open())
        {
            Assert.Equal(2, file.Of("worst-of").Count);
            Assert.Contains("ended in the middle of a line", Assert.Single(log.At(LogLevel.Warning), line => !line.StartsWith("Began", StringComparison.Ordinal)), StringComparison.Ordinal);
            file.Append(Line("worst-of", 4));
        }
        Assert.Equal([1, 2, 4], RecordFile.Read(FilePath, Key()).Select(line => line.Serial));
    }

    [Theory]
    [InlineData("signed worst-of 2 ", "signed worst-of 3 ")]
    [InlineData("signed worst-of 2 ", "signed worst-of 02 ")]
    [InlineData("signed worst-of 2 ", "signed  worst-of 2 ")]
    [InlineData("signed worst-of 2 ", "signed no-national 2 ")]
    [InlineData("signed worst-of 2 ", "\n")]
    [InlineData("signed worst-of 2 ", "\0\0\0")]
    public void Line_that_the_verifier_did_not_write_stops_every_signature_and_is_named(string from, string to)
    {
        Write(Line("worst-of", 1), Line("worst-of", 2), Line("worst-of", 3));
        File.WriteAllText(FilePath, File.ReadAllText(FilePath).Replace(from, to, StringComparison.Ordinal));
        var before = File.ReadAllBytes(FilePath);
        using var file = Open();
        foreach (var use in new Action[] { () => file.Of("worst-of"), () => file.Append(Line("worst-of", 4)), () => RecordFile.Read(FilePath, Key()) })
            Assert.Contains("is damaged in line 2", Assert.Throws<SigningException>(use).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Lines_under_another_secret_are_none()
    {
        Write(Line("worst-of", 1));
        options.Value.RecordKeyFile = NewKey("other");
        using var file = Open();
        Assert.Contains("is damaged in line 1", Assert.Throws<SigningException>(() => file.Of("worst-of")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Newest_lines_of_each_list_are_kept_when_the_file_grew_long_whatever_an_earlier_try_left()
    {
        const int More = 5;
        Write([Line("enforcement-test", 1), .. Enumerable.Range(1, RecordFile.KeptOfAList + More).Select(serial => Line("worst-of", serial))]);
        File.WriteAllText(FilePath + ".new", "half of what it was to be");
        using (var file = Open())
        {
            Assert.Equal(Enumerable.Range(1 + More, RecordFile.KeptOfAList), file.Of("worst-of").Select(line => line.Serial));
            Assert.Single(file.Of("enforcement-test"));
            file.Append(Line("worst-of", 5000));
        }
        Assert.Equal(RecordFile.KeptOfAList + 2, File.ReadLines(FilePath).Count());
        Assert.False(File.Exists(FilePath + ".new"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Equal(5000, RecordFile.Read(FilePath, Key())[^1].Serial);
    }

    [Fact]
    public void Line_that_was_taken_back_is_gone_after_a_start()
    {
        using (var file = Open())
        {
            foreach (var serial in new[] { 1, 2, 3 }) file.Append(Line("worst-of", serial));
            file.Remove(file.Of("worst-of")[1]);
            file.Append(Line("worst-of", 4));
        }
        using var again = Open();
        Assert.Equal([1, 3, 4], again.Of("worst-of").Select(line => line.Serial));
    }

    [Fact]
    public void Second_process_with_the_same_file_signs_nothing_and_the_command_beside_the_first_reads()
    {
        using var first = Open();
        first.Append(Line("worst-of", 1));
        using (var second = Open())
            Assert.Contains("a second verifier that has the same", Assert.Throws<SigningException>(() => second.Of("worst-of")).Message, StringComparison.Ordinal);
        Assert.Single(RecordFile.Read(FilePath, Key()));
        first.Append(Line("worst-of", 2));
        Assert.Equal(2, RecordFile.Read(FilePath, Key()).Count);
    }

    [Fact]
    public void Folder_that_is_not_there_is_said_and_nothing_is_signed()
    {
        options.Value.RecordFile = Path.Combine(state.Root, "nowhere", "record");
        using var file = Open();
        Assert.Contains("Nothing is signed without it", Assert.Throws<SigningException>(() => file.Append(Line("worst-of", 1))).Message, StringComparison.Ordinal);
        Assert.Empty(RecordFile.Read(options.Value.RecordFile, Key()));
    }

    private RecordFile Open() => new(Key(), options, loggers.CreateLogger<RecordFile>());

    private void Write(params RecordedSignature[] lines)
    {
        var key = Key();
        File.WriteAllText(FilePath, string.Concat(lines.Select(line => line.ToLine(key) + "\n")));
    }

    private RecordKey Key() => new(options);

    private string NewKey(string name) => state.Write(state.File(name), RandomNumberGenerator.GetHexString(64, lowercase: true) + "\n", secret: true);

    private static RecordedSignature Line(string list, int serial) =>
        new(list, serial, Hashes.Sha256([(byte)serial]), serial * 3, serial + 7, Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Hashes.Sha256([(byte)serial, 1]));
}
