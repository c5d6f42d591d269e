using System.Globalization;
using BlockList.Agent.Configuration;
using BlockList.Format;

namespace BlockList.Agent.Resolvers;

/// <summary>
/// What a running BIND is told and asked through <c>rndc</c>. Facts of 9.18: <c>reload</c> only queues the work, so
/// success is seen in what is loaded alone; a file with a bad line keeps the old zone; a file that is not newer than the last
/// load is passed over as "up-to-date", whatever stands in it.
/// </summary>
internal sealed class BindControl(ResolverSettings settings)
{
    private const string SerialLine = "serial: ";
    private const string LoadedLine = "last loaded: ";

    private readonly ControlCommand control = new(settings.Control);

    public Task<ControlAnswer> ReloadZoneAsync(string zone, CancellationToken ct) => control.RunAsync(["reload", zone], [], ct);

    /// <summary>What is loaded; no serial where BIND has no such zone or has not loaded it.</summary>
    public async Task<BindZone> LoadedAsync(string zone, CancellationToken ct)
    {
        var answer = await control.RunAsync(["zonestatus", zone], [], ct);
        if (!answer.Succeeded)
            return new BindZone(answer.Text.Contains("no matching zone", StringComparison.Ordinal) || answer.Text.Contains("zone not loaded", StringComparison.Ordinal), null, null);
        var lines = answer.Text.Split('\n');
        return new BindZone(true,
            long.TryParse(ValueOf(SerialLine), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && Serial.TryCreate(value, out var serial) ? serial : null,
            DateTimeOffset.TryParseExact(ValueOf(LoadedLine), "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null);

        string? ValueOf(string start) => Array.Find(lines, l => l.StartsWith(start, StringComparison.Ordinal))?[start.Length..].Trim();
    }
}
