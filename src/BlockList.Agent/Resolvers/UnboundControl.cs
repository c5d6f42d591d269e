using System.Globalization;
using BlockList.Agent.Configuration;
using BlockList.Format;

namespace BlockList.Agent.Resolvers;

/// <summary>
/// What a running Unbound is told and asked through <c>unbound-control</c>. Facts of 1.17: a zone file with a bad line
/// answers "error failed to read" and leaves the zone half loaded, so the zone before must be loaded again; an empty
/// file answers "ok"; a zone file that does not exist keeps Unbound from starting at all.
/// </summary>
internal sealed class UnboundControl(ResolverSettings settings)
{
    /// <summary>The thread of Unbound that reads a batch answers no query meanwhile: with 500 names that is a few milliseconds. But the
    /// control program reads the whole configuration each time, included names and all; so a first list of hundreds of thousands goes
    /// in fewer and longer ones.</summary>
    private const int LeastBatch = 500;
    private const int MostBatch = 5000;
    private const int FewestBatches = 100;

    private readonly ControlCommand control = new(settings.Control);

    public Task<ControlAnswer> ReloadZoneAsync(string zone, CancellationToken ct) => control.RunAsync(["auth_zone_reload", zone], [], ct);

    /// <summary>The serial of the zone as loaded; null where Unbound has no such zone or no serial for it.</summary>
    public async Task<(bool Answered, Serial? Serial)> LoadedSerialAsync(string zone, CancellationToken ct)
    {
        var answer = await control.RunAsync(["list_auth_zones"], [], ct);
        if (!answer.Succeeded) return (false, null);
        // Lines such as "worst-of.<tab>serial 12", or "worst-of.<tab>no serial".
        foreach (var line in answer.Text.Split('\n'))
        {
            if (line.Split('\t', ' ') is [var name, "serial", var number] && name.TrimEnd('.') == zone
                && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && Serial.TryCreate(value, out var serial))
                return (true, serial);
        }
        return (true, null);
    }

    /// <summary>Adds local zones, or changes the type of those that are there.</summary>
    public Task<ControlAnswer> AddLocalZonesAsync(IReadOnlyCollection<string> names, string type, CancellationToken ct) =>
        InBatchesAsync("local_zones", names.Select(name => $"{name}. {type}"), names.Count, "added", "zones", ct);

    /// <summary>Removes local zones with their data; one that is not there is no error.</summary>
    public Task<ControlAnswer> RemoveLocalZonesAsync(IReadOnlyCollection<string> names, CancellationToken ct) =>
        InBatchesAsync("local_zones_remove", names.Select(name => name + "."), names.Count, "removed", "zones", ct);

    public Task<ControlAnswer> AddLocalDataAsync(IReadOnlyCollection<string> records, CancellationToken ct) =>
        InBatchesAsync("local_datas", records, records.Count, "added", "datas", ct);

    public Task<ControlAnswer> RemoveLocalDataAsync(IReadOnlyCollection<string> names, CancellationToken ct) =>
        InBatchesAsync("local_datas_remove", names.Select(name => name + "."), names.Count, "removed", "datas", ct);

    /// <summary>A batch that was taken in part is a failure: Unbound passes over a line that it cannot read and goes on.</summary>
    private async Task<ControlAnswer> InBatchesAsync(string command, IEnumerable<string> lines, int count, string done, string what, CancellationToken ct)
    {
        foreach (var batch in lines.Chunk(Math.Clamp(count / FewestBatches, LeastBatch, MostBatch)))
        {
            var answer = await control.RunAsync([command], batch, ct);
            if (!answer.Succeeded) return answer;
            if (answer.Text != string.Create(CultureInfo.InvariantCulture, $"{done} {batch.Length} {what}"))
                return new ControlAnswer(false, $"{command} with {batch.Length} lines said \"{answer.Text}\"");
        }
        return ControlAnswer.Done;
    }
}
