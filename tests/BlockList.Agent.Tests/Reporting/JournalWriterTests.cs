using BlockList.Agent.Reporting;

namespace BlockList.Agent.Tests.Reporting;

public sealed class JournalWriterTests
{
    [Fact]
    public async Task Every_line_begins_with_its_priority_however_it_was_written()
    {
        using var journal = new StringWriter();
        await using (var writer = new JournalWriter(journal, JournalPriority.Information))
        {
            await writer.WriteLineAsync("one");
            await writer.WriteAsync("two\nth");
            await writer.WriteAsync("ree");
            writer.WriteLine();
            await writer.WriteAsync(JournalPriority.Error, "four\nfive");
            await writer.WriteAsync("six");
        }

        Assert.Equal("<6>one\n<6>two\n<6>three\n<3>four\n<3>five\n<6>six\n", journal.ToString());
    }

    [Theory]
    [InlineData((int)ExitCode.Refused, "<2>worst-of: said\n")]
    [InlineData((int)ExitCode.ApplyFailed, "<3>worst-of: said\n")]
    [InlineData((int)ExitCode.Network, "<4>worst-of: said\n")]
    public async Task A_failure_is_as_grave_as_what_someone_must_do_about_it(int code, string line)
    {
        using var journal = new StringWriter();
        var output = new AgentOutput(TextWriter.Null, new JournalWriter(journal, JournalPriority.Notice));

        await output.FailAsync(new Failure((ExitCode)code, "said"), "worst-of");

        Assert.Equal(line, journal.ToString());
    }
}
