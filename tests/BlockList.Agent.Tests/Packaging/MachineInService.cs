namespace BlockList.Agent.Tests.Packaging;

/// <summary>A provider's machine after the README's five commands, started when the first test asks for it. Each test
/// begins with the service freshly started and without what another one changed at its unit.</summary>
public sealed class MachineInService(Packages packages) : IAsyncDisposable
{
    private ProviderMachine? machine;

    internal async Task<ProviderMachine> ReadyAsync()
    {
        machine ??= await ProviderMachine.InServiceAsync(packages, "one.example");
        await machine.Root.RequireAsync("""
            rm -rf /run/systemd/system/blocklist-agent*.d
            systemctl daemon-reload
            systemctl reset-failed
            systemctl restart blocklist-agent
            """);
        return machine;
    }

    public async ValueTask DisposeAsync()
    {
        if (machine is not null) await machine.DisposeAsync();
    }
}
