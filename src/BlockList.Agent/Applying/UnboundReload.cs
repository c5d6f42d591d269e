using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using BlockList.Agent.Configuration;
using BlockList.Format;

namespace BlockList.Agent.Applying;

/// <summary>
/// Makes a running Unbound read a zone again, and asks it what it has loaded. Both through <c>unbound-control</c>:
/// <c>auth_zone_reload</c> and <c>list_auth_zones</c>. Facts of 1.17: a zone file with a bad line answers "error failed
/// to read" and leaves the zone half loaded, so the zone before must be loaded again; an empty file answers "ok";
/// a zone file that does not exist keeps Unbound from starting at all.
/// </summary>
internal sealed class UnboundReload(ResolverSettings settings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private const int LongestAnswer = 300;

    public Task<ControlAnswer> ReloadAsync(string zone, CancellationToken ct) => ControlAsync(["auth_zone_reload", zone], ct);

    /// <summary>The serial of the zone as loaded; null where Unbound has no such zone or no serial for it. The first part is
    /// false where it could not be asked.</summary>
    public async Task<(bool Answered, Serial? Serial)> LoadedSerialAsync(string zone, CancellationToken ct)
    {
        var answer = await ControlAsync(["list_auth_zones"], ct);
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

    private async Task<ControlAnswer> ControlAsync(string[] command, CancellationToken ct)
    {
        var start = new ProcessStartInfo(settings.Control[0], settings.Control.Skip(1).Concat(command))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                process.StandardInput.Close();
                var output = process.StandardOutput.ReadToEndAsync(patience.Token);
                var errors = process.StandardError.ReadToEndAsync(patience.Token);
                await process.WaitForExitAsync(patience.Token);
                var (said, complained) = ((await output).Trim(), (await errors).Trim());
                return process.ExitCode == 0 ? new ControlAnswer(true, said) : new ControlAnswer(false, Shorten(said.Length > 0 ? said : complained));
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ControlAnswer(false, $"no answer within {Patience.TotalSeconds} seconds");
        }
        catch (Win32Exception problem)
        {
            return new ControlAnswer(false, $"{settings.Control[0]} cannot be started: {problem.Message}");
        }
    }

    private static string Shorten(string text) => text.Length <= LongestAnswer ? text : text[..LongestAnswer] + "…";
}
