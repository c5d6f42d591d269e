using System.Net;
using BlockList.Tools.Conformance.Repository;
using BlockList.Tools.Conformance.Serving;
using BlockList.Tools.Development;

namespace BlockList.Tools.Conformance.Running;

/// <summary>A server for vectors, and a real Unbound that enforces whatever the agent makes of them. Cases take turns in it.</summary>
internal sealed class Lane : IAsyncDisposable
{
    private readonly StateDirectory state;
    private readonly VectorServer server;
    private readonly UnboundResolver resolver;
    private int turns;

    private Lane(StateDirectory state, VectorServer server, UnboundResolver resolver)
    {
        this.state = state;
        this.server = server;
        this.resolver = resolver;
    }

    public IPEndPoint Resolver => resolver.Address;

    public static async Task<Lane> StartAsync(VectorPki pki, AuthoritativeDns authority, CancellationToken ct)
    {
        var state = StateDirectory.Temporary();
        var server = await VectorServer.StartAsync(pki, ct);
        var resolver = await UnboundResolver.StartAsync(state, authority.Address, [new PolicyZone(VectorTree.List, ZoneFileOf(state))], ct: ct);
        return new Lane(state, server, resolver);
    }

    /// <summary>Begins a case on a machine where nothing was ever installed and nothing is blocked.</summary>
    public async Task<Provider> BeginAsync(Vector vector, AgentCommand agent, CancellationToken ct)
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(ZoneFileOf(state))!)) File.Delete(file);
        state.Write(ZoneFileOf(state), "");
        await resolver.ReloadZoneAsync(VectorTree.List, ct);
        server.Vector = vector;
        return new Provider(agent, server, vector, state, $"provider-{turns++}", resolver, Path.GetDirectoryName(ZoneFileOf(state))!);
    }

    public async ValueTask DisposeAsync()
    {
        await resolver.DisposeAsync();
        await server.DisposeAsync();
        state.Dispose();
    }

    private static string ZoneFileOf(StateDirectory state) => Path.Combine(state.Directory("zones"), VectorTree.List + ".rpz");
}
