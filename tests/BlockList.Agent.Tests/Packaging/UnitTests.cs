using System.Globalization;
using System.Text.RegularExpressions;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Packaging;

/// <summary>The units as systemd itself reads them.</summary>
public sealed partial class UnitTests
{
    /// <summary>systemd's own scale from 0 (nothing is open) to 10; below 2 it says "OK".</summary>
    private const double MostExposure = 2.0;

    [Theory]
    [InlineData("blocklist-agent.service")]
    [InlineData("blocklist-agent-apply.service")]
    [InlineData("blocklist-agent-apply.timer")]
    public async Task Systemd_finds_nothing_wrong_with_a_unit(string unit)
    {
        Prerequisite.Command("systemd-analyze");
        using var units = new InstalledUnits();

        var run = await OtherProgram.RunAsync("systemd-analyze", "verify", "--man=no", units.PathOf(unit));

        Assert.True(run.Code == 0 && run.Progress.Length == 0, run.Results + run.Progress);
    }

    [Theory]
    [InlineData("blocklist-agent.service")]
    [InlineData("blocklist-agent-apply.service")]
    public async Task A_service_leaves_little_open(string unit)
    {
        Prerequisite.Command("systemd-analyze");
        using var units = new InstalledUnits();

        var run = await OtherProgram.RunAsync("systemd-analyze", "security", "--offline=true", "--no-pager", units.PathOf(unit));

        var match = Exposure().Match(run.Results);
        Assert.True(match.Success, run.Results + run.Progress);
        var exposure = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        TestContext.Current.SendDiagnosticMessage($"systemd-analyze security of {unit}: {match.Value}");
        Assert.InRange(exposure, 0, MostExposure);
    }

    [Fact]
    public void Both_services_have_the_same_walls()
    {
        Assert.Equal(Walls("blocklist-agent.service"), Walls("blocklist-agent-apply.service"));
    }

    private static string[] Walls(string unit) =>
        [.. File.ReadAllLines(Checkout.File("packaging", "systemd", unit)).SkipWhile(line => !line.StartsWith("User=", StringComparison.Ordinal))
            .TakeWhile(line => line != "[Install]").Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] != '#')];

    [GeneratedRegex("Overall exposure level for .*: ([0-9.]+) .*")]
    private static partial Regex Exposure();

    /// <summary>Copies that name the program built for these tests, since the packaged one need not be installed here.</summary>
    private sealed class InstalledUnits : IDisposable
    {
        private readonly string directory = Directory.CreateTempSubdirectory("units-").FullName;

        public InstalledUnits()
        {
            var program = Path.Combine(AppContext.BaseDirectory, "blocklist-agent");
            foreach (var unit in Directory.GetFiles(Checkout.File("packaging", "systemd")))
                File.WriteAllText(PathOf(Path.GetFileName(unit)), File.ReadAllText(unit).Replace("/usr/bin/blocklist-agent", program, StringComparison.Ordinal));
        }

        public string PathOf(string unit) => Path.Combine(directory, unit);

        public void Dispose() => Directory.Delete(directory, recursive: true);
    }
}
