using System.Globalization;
using BlockList.Format;
using BlockList.Tools.Conformance.Repository;
using BlockList.Tools.Conformance.Serving;
using BlockList.Tools.Development;

namespace BlockList.Tools.Conformance.Running;

/// <summary>A provider's machine for one case: the operator's bundle, a place for the agent's files, and its two commands.</summary>
internal sealed class Provider(AgentCommand agent, VectorServer server, Vector vector, StateDirectory state, string name, UnboundResolver resolver, string zones)
{
    private IReadOnlyList<string> Apply => ["apply", "--config", Configuration];

    private string Configuration => Path.Combine(state.Directory(name, "etc"), "agent.ini");

    public string Bundle => state.Directory(name, "bundle");

    public string Address => server.Address;

    public string FirstRoot => Path.Combine(Bundle, VectorTree.List + ".root.json");

    /// <summary>The same machine, whose clock is some days off.</summary>
    public Provider ByClock(int days) => new(agent.ByClock(days), server, vector, state, name, resolver, zones);

    public Task<SubprocessResult?> EnrolAsync(CancellationToken ct)
    {
        server.WriteBundle(state, Bundle);
        var hash = vector.ToldHash(Hashes.Sha256(File.ReadAllBytes(FirstRoot)));
        return agent.RunAsync(state,
        [
            "enroll", Bundle, "--config", Configuration, "--state", state.Directory(name, "state"), "--zone-directory", zones,
            "--unbound-control", string.Join(' ', resolver.ControlCommand), "--unbound-address", resolver.Address.ToString(),
            "--root-sha256", $"{VectorTree.List}={hash}",
        ], ct);
    }

    public Task<SubprocessResult?> ApplyAsync(CancellationToken ct, int? accepts = null) =>
        agent.RunAsync(state, accepts is { } version ? [.. Apply, "--accept", version.ToString(CultureInfo.InvariantCulture)] : Apply, ct);

    /// <summary>Starts <c>apply</c> for somebody who means to kill it.</summary>
    public Task<ManagedProcess> StartApplyAsync(string? faultPoint, CancellationToken ct) => agent.StartAsync(state, Apply, faultPoint, ct);

    public Task<SubprocessResult?> StatusAsync(CancellationToken ct) => agent.RunAsync(state, ["status", "--json", "--config", Configuration], ct);
}
