using System.Globalization;
using BlockList.Agent.Configuration;
using BlockList.Agent.State;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Enrolment;

/// <summary>Gets an agent that is set up a new certificate by a code, after the one before ended or was revoked. Configuration, trust and
/// lists stay as they are, and a service that runs goes on enforcing; it uses the new pair with its next poll.</summary>
internal sealed class ReplaceCertificate(TimeProvider time, AgentOutput output, Patience patience)
{
    /// <param name="request">With a code.</param>
    /// <param name="ct">Each step can be repeated.</param>
    public async Task RunAsync(EnrollRequest request, CancellationToken ct)
    {
        var code = request.Code ?? throw new ConfigurationException("--renew needs --code CODE. Ask the operator for one.");
        var bundle = Bundle.Read(request.BundleDirectory);
        var configuration = AgentConfiguration.Read(request.ConfigPath);
        if (bundle.Server != configuration.Server.Address)
            throw new ConfigurationException($"the bundle is of {bundle.Server.Authority}, and {request.ConfigPath} of {configuration.Server.Address.Authority}. Nothing was changed. Without --renew the bundle's server is set up anew.");
        var state = configuration.StateDirectory;
        var (certificate, key) = await new ObtainCertificate(time, output, patience).RunAsync(bundle, code, state, earlierKey: null, ct);
        var whoAmI = await new AdoptCertificate(configuration, patience).RunAsync(File.ReadAllBytes(certificate), File.ReadAllBytes(key), ct);
        DurableFile.Delete(key);
        DurableFile.Delete(certificate);
        await output.Results.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{whoAmI.Provider} has a new certificate at {configuration.Server.Address.Authority}; it ends in {whoAmI.CertificateDaysLeft} days. {request.ConfigPath} and the lists stay as they are, and nothing need be started again."));
    }
}
