using Xunit;

namespace BlockList.Format.Tests.Golden;

/// <summary>The golden files: what this reader says of each is what the index says of it.</summary>
public sealed class VectorTests
{
    public static TheoryData<string, string> Rows => [.. Vector.All.Select(v => (string.Join(' ', v.Files), v.ReadAs))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_file_gets_the_verdict_of_the_index(string files, string readAs)
    {
        var vector = Vector.All.Single(v => v.ReadAs == readAs && string.Join(' ', v.Files) == files);
        SameVerdict(vector, new VectorReader(Vector.PathOf).VerdictOn(vector));
    }

    [Fact]
    public void Files_signed_anew_get_the_same_verdicts()
    {
        // Set after a change of the format: the files of the source tree are then the ones written.
        var replace = Environment.GetEnvironmentVariable("BLOCKLIST_REPLACE_VECTORS") == "1";
        var folder = replace ? Vector.Folder : Directory.CreateTempSubdirectory("bl-vectors-").FullName;
        try
        {
            new SignedVectors(folder).Write();
            var signed = Vector.All.Where(v => v.ReadAs is "tuf" or "register" or "assertion" or "sshsig").ToArray();
            var reader = new VectorReader(file => Path.Combine(folder, file) is var anew && File.Exists(anew) ? anew : Vector.PathOf(file));
            Assert.NotEmpty(signed);
            Assert.All(signed, vector => SameVerdict(vector, reader.VerdictOn(vector)));
        }
        finally
        {
            if (!replace) Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_index_names_every_file_and_nothing_else()
    {
        var named = Vector.All.SelectMany(v => v.Files).Concat(Vector.All.Where(v => v is { ReadAs: "json", Verdict: "accepted" }).Select(v => Vector.CanonicalOf(v.Files[0])));
        var present = Directory.EnumerateFiles(Vector.Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Vector.Folder, f))
            .Where(f => f is not ("README.md" or "index.tsv" or ".gitattributes"));
        Assert.Equal(present.Order(StringComparer.Ordinal), named.Distinct().Order(StringComparer.Ordinal));
        Assert.All(Vector.All, v => Assert.True(v.Verdict == "accepted" || v.Verdict.StartsWith("refused: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_private_key_is_among_them() => Assert.All(
        Directory.EnumerateFiles(Vector.Folder, "*", SearchOption.AllDirectories),
        file => Assert.DoesNotContain("PRIVATE", File.ReadAllText(file), StringComparison.Ordinal));

    private static void SameVerdict(Vector vector, string verdict)
    {
        if (vector.Verdict == "accepted") Assert.Equal("accepted", verdict);
        else Assert.StartsWith(vector.Verdict, verdict, StringComparison.Ordinal);
    }
}
