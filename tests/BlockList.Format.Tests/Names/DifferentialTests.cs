using System.Diagnostics;
using System.Text;
using Xunit;

namespace BlockList.Format.Tests.Names;

/// <summary>Other implementations judge the same names; where one differs, a rule named here must say why.</summary>
public class DifferentialTests
{
    private const int Count = 100_000;
    private static readonly string[] Names = [.. new GeneratedNames(2026).Take(Count)];

    [Fact]
    public void Idn2_agrees_or_a_named_rule_explains_the_difference()
    {
        Idn2Library.Require();
        Compare(Names.Select(Idn2Library.ToAscii), Idn2Differences.Rules);
    }

    [Fact]
    public async Task Browsers_rules_agree_or_a_named_rule_explains_the_difference()
    {
        const string Script = """
            const { domainToASCII } = require('node:url');
            const names = require('node:fs').readFileSync(0, 'utf8').split('\n');
            names.pop();
            process.stdout.write(names.map(name => domainToASCII(name) + '\n').join(''));
            """;
        Idn2Library.Require();
        var theirs = await LinesOf(Prerequisite.Program("node", "nodejs"), ["-e", Script], Names);
        Assert.Equal(Count, theirs.Length);
        Compare(theirs.Select(answer => answer.Length == 0 ? null : answer), WhatwgDifferences.Rules);
    }

    [Fact]
    public async Task The_library_answers_as_the_program_does()
    {
        Idn2Library.Require();
        var program = Prerequisite.Program("idn2", "idn2");
        const int Sample = 2000;
        var theirs = new string?[Sample];
        // idn2 stops at the first name it refuses; the next run goes on behind it.
        for (var next = 0; next < Sample;)
        {
            var batch = Names[next..Math.Min(next + 40, Sample)];
            var answers = await LinesOf(program, [], batch);
            answers.CopyTo(theirs, next);
            next += Math.Min(answers.Length + 1, batch.Length);
        }
        Assert.Equal(theirs, Names.Take(Sample).Select(Idn2Library.ToAscii));
    }

    private static void Compare(IEnumerable<string?> theirs, DifferenceRule[] rules)
    {
        int agreed = 0, refused = 0;
        var explained = new int[rules.Length];
        var unexplained = new List<Verdict>();
        foreach (var verdict in Names.Zip(theirs, Verdict.Of))
        {
            if (verdict.Agrees)
                _ = verdict.Ours is null ? refused++ : agreed++;
            else if (Array.FindIndex(rules, rule => rule.Explains(verdict)) is >= 0 and var rule)
                explained[rule]++;
            else
                unexplained.Add(verdict);
        }
        var figures = string.Join('\n', rules.Zip(explained, (rule, count) => $"{count} ({rule.AtLeast} to {rule.AtMost}): {rule.Reason}")
            .Prepend($"{agreed} agreed, {refused} refused by both, {unexplained.Count} unexplained"));
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(unexplained.Count == 0, $"{figures}\n{string.Join('\n', unexplained.Take(40))}");
        // Otherwise the comparison would prove little.
        Assert.InRange(agreed, Count * 45 / 100, Count * 70 / 100);
        Assert.InRange(refused, Count * 20 / 100, Count * 40 / 100);
        Assert.True(rules.Zip(explained).All(pair => pair.Second >= pair.First.AtLeast && pair.Second <= pair.First.AtMost), figures);
    }

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
        return text.Length == 0 ? [] : text[..^1].Split('\n');
    }
}
