namespace BlockList.Tools.Development;

/// <summary>Starts a program that is told its port: between the choice of a free port and its use somebody else may take it.</summary>
internal static class BoundProgram
{
    private const int Attempts = 5;
    private const string Taken = "Address already in use";

    public static async Task<(ManagedProcess Process, PortChoice Port)> StartAsync(
        int preferredPort, Func<int, CancellationToken, Task<ManagedProcess>> startAsync, Func<string, bool> isReady, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Pick(preferredPort, alsoUdp: true);
            var process = await startAsync(port.Port, ct);
            try
            {
                await process.WaitForLineAsync(isReady, ct: ct);
                return (process, port);
            }
            catch (ProcessFailedException failure) when (attempt < Attempts && failure.Message.Contains(Taken, StringComparison.Ordinal))
            {
                await process.DisposeAsync();
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }
        }
    }
}
