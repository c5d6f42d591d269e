using System.Globalization;
using BlockList.Agent.Configuration;
using BlockList.Format;

namespace BlockList.Agent.Resolvers;

/// <summary>
/// What a running BIND is told and asked through <c>rndc</c>. Facts of 9.18: <c>reload</c> only queues the work, so
/// success is seen in the serial alone; a file with a bad line keeps the old zone; a file that is not newer than the
/// loaded one is passed over as "up-to-date", whatever stands in it.
/// </summary>
internal sealed class BindControl(ResolverSettings settings)
{
    private const string SerialLine = "serial: ";

    private readonly ControlCommand control = new(settings.Control);

    public Task<ControlAnswer> ReloadZoneAsync(string zone, CancellationToken ct) => control.RunAsync(["reload", zone], [], ct);

    /// <summary>The serial of the zone as loaded; null where BIND has no such zone or has not loaded it.</summary>
    public async Task<(bool Answered, Serial? Serial)> LoadedSerialAsync(string zone, CancellationToken ct)
    {
        var answer = await control.RunAsync(["zonestatus", zone], [], ct);
        if (!answer.Succeeded) return (answer.Text.Contains("no matching zone", StringComparison.Ordinal) || answer.Text.Contains("zone not loaded", StringComparison.Ordinal), null);
        var line = answer.Text.Split('\n').FirstOrDefault(l => l.StartsWith(SerialLine, StringComparison.Ordinal));
        return (true, long.TryParse(line?[SerialLine.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var value) && Serial.TryCreate(value, out var serial) ? serial : null);
    }
}
