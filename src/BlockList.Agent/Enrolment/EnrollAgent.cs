using System.Globalization;
using System.Text;
using BlockList.Agent.Configuration;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Enrolment;

/// <summary>Turns a bundle into a configuration and a first trust. Nothing is written before everything was checked, and the
/// configuration is written last: an agent that has one is complete.</summary>
internal sealed class EnrollAgent(TimeProvider time, AgentOutput output, Patience patience)
{
    /// <exception cref="ConfigurationException">The bundle or the options must be changed.</exception>
    /// <exception cref="RefusedException">A root, or what the server says it is, does not fit.</exception>
    /// <exception cref="ServerException">The server could not be asked, or does not know this certificate.</exception>
    public async Task RunAsync(EnrollRequest request, CancellationToken ct)
    {
        var bundle = Bundle.Read(request.BundleDirectory);
        // Before a code is spent: all that can be wrong without a certificate.
        var roots = new CheckBundle(bundle, time).Roots(request.RootSha256);
        RequireSameTrust(request, roots);
        if (request.Code is { } code)
        {
            RequireNoConflict(request, FilesToWrite(request, bundle, withIdentity: false));
            var earlier = request.Force ? null : Path.Combine(DirectoryOf(request), Bundle.KeyFile);
            bundle = bundle with { Obtained = await new ObtainCertificate(time, output, patience).RunAsync(bundle, code, request.StateDirectory, earlier, ct) };
        }
        new CheckBundle(bundle, time).Certificates();
        var files = FilesToWrite(request, bundle);
        RequireNoConflict(request, files);

        await output.Progress.WriteLineAsync($"asking {bundle.Server.Authority} who it takes us for…");
        var whoAmI = await AskAsync(bundle, roots, ct);

        Write(request, roots, files);
        if (bundle.Obtained is var (certificate, key))
        {
            // Both are in their place now; a key need not lie anywhere twice.
            if (key != Path.Combine(DirectoryOf(request), Bundle.KeyFile)) DurableFile.Delete(key);
            DurableFile.Delete(certificate);
        }
        await FirstFiles.CreateAsync(AgentConfiguration.Read(request.ConfigPath), ct);
        await ReportAsync(request, bundle, roots, whoAmI);
    }

    private async Task<WhoAmI> AskAsync(Bundle bundle, IReadOnlyList<BundledRoot> roots, CancellationToken ct)
    {
        using var server = new ServerConnection(bundle.ServerSettings, patience);
        var whoAmI = await WhoAmI.AskAsync(server, ct);
        if (whoAmI.Deployment != roots[0].Document.Deployment)
            throw new RefusedException(RefusalReason.Foreign, $"the server is of deployment \"{whoAmI.Deployment}\", the roots are of \"{roots[0].Document.Deployment}\"");
        if (bundle.Lists.Except(whoAmI.Lists).FirstOrDefault() is { } refused)
            throw new ServerException($"{bundle.Server.Authority} does not let {whoAmI.Provider} read list {refused}, which is in the bundle. Ask the operator for it.");
        return whoAmI;
    }

    private static List<(string Path, byte[] Bytes, UnixFileMode Mode)> FilesToWrite(EnrollRequest request, Bundle bundle, bool withIdentity = true)
    {
        var (directory, from) = (DirectoryOf(request), bundle.ServerSettings);
        (string, byte[], UnixFileMode)[] identity = withIdentity
            ? [Copy(from.Certificate, Bundle.CertificateFile, DurableFile.Shared), Copy(from.Key, Bundle.KeyFile, DurableFile.Private)]
            : [];
        return
        [
            Copy(from.Authority, Bundle.AuthorityFile, DurableFile.Shared),
            .. identity,
            (Path.GetFullPath(request.ConfigPath), Encoding.UTF8.GetBytes(ConfigurationText.Of(request, bundle)), DurableFile.Shared),
        ];

        (string, byte[], UnixFileMode) Copy(string file, string to, UnixFileMode mode) => (Path.Combine(directory, to), File.ReadAllBytes(file), mode);
    }

    private static string DirectoryOf(EnrollRequest request) => Path.GetDirectoryName(Path.GetFullPath(request.ConfigPath))!;

    private static void RequireNoConflict(EnrollRequest request, List<(string Path, byte[] Bytes, UnixFileMode Mode)> files)
    {
        if (request.Force) return;
        foreach (var (path, bytes, _) in files)
        {
            if (DurableFile.TryRead(path) is { } existing && !existing.AsSpan().SequenceEqual(bytes) && !ConfigurationText.SaysNothing(existing))
                throw new ConfigurationException($"{path} exists and is different. Nothing was written. Give --force to write over it, or --config for another place.");
        }
    }

    /// <summary>A list that this agent trusts already keeps the root it has, which may be a newer one, and its memory
    /// against rollback; a bundle never takes either away.</summary>
    private void RequireSameTrust(EnrollRequest request, IReadOnlyList<BundledRoot> roots)
    {
        foreach (var root in roots)
        {
            var state = new ListState(request.StateDirectory, root.List);
            if (DurableFile.TryRead(state.Root) is not { } existing) continue;
            var trusted = new TrustedMetadata(existing, time.GetUtcNow()).Root;
            if (trusted.Deployment != root.Document.Deployment || trusted.List != root.List)
                throw new ConfigurationException($"{state.Root} trusts list \"{trusted.List}\" of another deployment, \"{trusted.Deployment}\". Nothing was written. " +
                    "If you mean to change to the new one, remove that list's folder and run the command again.");
        }
    }

    private static void Write(EnrollRequest request, IReadOnlyList<BundledRoot> roots, List<(string Path, byte[] Bytes, UnixFileMode Mode)> files)
    {
        DurableFile.CreateDirectory(request.StateDirectory);
        using var held = AgentLock.Take(request.StateDirectory, "enroll");
        foreach (var root in roots)
        {
            var state = new ListState(request.StateDirectory, root.List);
            state.CreateDirectories();
            if (!File.Exists(state.Root)) DurableFile.Write(state.Root, root.Bytes);
        }
        Directory.CreateDirectory(Path.GetDirectoryName(files[0].Path)!);
        // A crash between the files leaves an enrolment without a configuration; running the command again completes it.
        var certificate = files.Single(file => Path.GetFileName(file.Path) == Bundle.CertificateFile);
        var isAnother = DurableFile.TryRead(certificate.Path) is { } before && !before.AsSpan().SequenceEqual(certificate.Bytes);
        foreach (var (path, bytes, mode) in files) DurableFile.Write(path, bytes, mode);
        // What the agent renewed for itself came from the certificate that is gone now.
        if (isAnother) DurableFile.Delete(RenewalFiles.IdentityOf(request.StateDirectory));
    }

    private async Task ReportAsync(EnrollRequest request, Bundle bundle, IReadOnlyList<BundledRoot> roots, WhoAmI whoAmI)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"enrolled as {whoAmI.Provider} at {bundle.Server.Authority}, deployment {whoAmI.Deployment}; the certificate ends in {whoAmI.CertificateDaysLeft} days\n");
        foreach (var root in roots)
            text.Append(CultureInfo.InvariantCulture, $"root of {root.List}: SHA-256 {root.Sha256}{(request.RootSha256.ContainsKey(root.List) ? ", as you were told" : "")}\n");
        if (roots.Any(r => !request.RootSha256.ContainsKey(r.List)))
            text.Append("Compare these with what the operator gave you by another way (phone, letter). All later trust stands on them.\n");
        text.Append(CultureInfo.InvariantCulture, $"wrote {request.ConfigPath}, and empty files for the resolver where there were none. Next, give Unbound what this prints, and start it again:\n  blocklist-agent config print {ConfigurationText.Resolver} --config {request.ConfigPath}\n");
        text.Append(CultureInfo.InvariantCulture, $"then:\n  blocklist-agent apply --config {request.ConfigPath}\n");
        await output.Results.WriteAsync(text.ToString());
    }
}
