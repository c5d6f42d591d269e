using System.Diagnostics;
using System.Globalization;
using System.Text;
using BlockList.Format.Names;
using Xunit;

namespace BlockList.Format.Tests.Names;

/// <summary>Another implementation judges the same names; where it differs, a rule named here must say why.</summary>
public class DifferentialTests
{
    private const int Count = 4000;
    private static readonly string[] Names = [.. new GeneratedNames(2026).Take(Count)];

    [Fact]
    public async Task Idn2_agrees_or_a_named_rule_explains_the_difference()
    {
        var program = Prerequisite.Program("idn2", "idn2");
        var theirs = new string?[Count];
        // idn2 stops at the first name it refuses; the next run goes on behind it.
        for (var next = 0; next < Count;)
        {
            var batch = Names[next..Math.Min(next + 40, Count)];
            var answers = await LinesOf(program, [], batch);
            answers.CopyTo(theirs, next);
            next += Math.Min(answers.Length + 1, batch.Length);
        }
        var unexplained = new List<string>();
        int same = 0, sameRefusal = 0;
        for (var i = 0; i < Count; i++)
        {
            _ = DomainName.TryParse(Names[i], out var name, out var problem);
            if (name?.Ascii == theirs[i])
                _ = name is null ? sameRefusal++ : same++;
            else if (WhyIdn2Differs(name, problem, theirs[i]) is null)
                unexplained.Add($"{Names[i]}: we say {name?.Ascii ?? problem?.Code}, they say {theirs[i] ?? "refused"}");
        }
        Assert.True(unexplained.Count == 0, $"{unexplained.Count} differences:\n{string.Join('\n', unexplained.Take(40))}");
        // Otherwise the comparison would prove little.
        Assert.InRange(same, Count / 3, Count);
        Assert.InRange(sameRefusal, Count / 20, Count);
    }

    /// <summary>The rules by which the answers differ on purpose.</summary>
    private static string? WhyIdn2Differs(DomainName? ours, NameProblem? problem, string? theirs) => (ours, problem, theirs) switch
    {
        ({ } name, null, null) when name.Unicode.EnumerateRunes().Any(IsSymbol) =>
            "IDNA2008 disallows symbols; browsers look them up (UTS #46) and registries sell them, so they can be listed",
        _ => null,
    };

    private static bool IsSymbol(Rune rune) =>
        !Rune.IsLetterOrDigit(rune) && rune.Value is not ('-' or '.' or 0x200C or 0x200D)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    private static async Task<string[]> LinesOf(string program, string[] arguments, string[] lines)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start) ?? throw new InvalidOperationException(program);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(string.Concat(lines.Select(line => line + "\n")));
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has stopped reading at a name it refuses; what it answered counts.
        }
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _ = await error;
        var text = await output;
        return text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
    }
}
