using BlockList.Agent.Configuration;
using BlockList.Agent.State;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Enrolment;

/// <summary>Puts a new certificate and its key in use, both at once, after the server took them. Until then, and whatever is interrupted, the
/// pair before stays in use.</summary>
internal sealed class AdoptCertificate(AgentConfiguration configuration, Patience patience)
{
    /// <param name="certificate">PEM.</param>
    /// <param name="key">PEM.</param>
    /// <param name="ct">Before it is put in use.</param>
    /// <exception cref="ServerException">The server did not take it; nothing changed.</exception>
    public async Task<WhoAmI> RunAsync(byte[] certificate, byte[] key, CancellationToken ct)
    {
        var candidate = RenewalFiles.CandidateOf(configuration.StateDirectory);
        DurableFile.Write(candidate, [.. certificate, .. key]);
        WhoAmI whoAmI;
        using (var server = new ServerConnection(configuration.Server with { Certificate = candidate, Key = candidate, Renewed = null }, patience)) whoAmI = await WhoAmI.AskAsync(server, ct);
        DurableFile.MoveOver(candidate, RenewalFiles.IdentityOf(configuration.StateDirectory));
        return whoAmI;
    }
}
