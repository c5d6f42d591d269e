using System.Text.Json;
using BlockList.Server.Publishing.Gates;
using BlockList.Format.Statements;
using BlockList.Tools.Deployments;
using Npgsql;

namespace BlockList.Tools.Benchmarks;

/// <summary>Fills a list of a demo installation by the programs, as agencies do: imported by one, assessed by another, confirmed where a gate holds it.</summary>
internal sealed class FilledList(DemoInstallation installation, string list)
{
    private Deployment Deployment => installation.Deployment;

    /// <summary>A list with so many names, published.</summary>
    /// <returns>The names.</returns>
    public static async Task<IReadOnlyList<string>> MakeAsync(DemoInstallation installation, string list, int count, CancellationToken cancellationToken)
    {
        var names = SampleNames.Make(count);
        var filled = new FilledList(installation, list);
        await filled.DecideAsync(names, cancellationToken);
        await filled.PublishAsync(cancellationToken);
        await filled.ConfirmAsync(cancellationToken);
        return names;
    }

    /// <summary>Decides that names are to be listed.</summary>
    public async Task DecideAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var file = Deployment.State.Write(Deployment.State.File("bench.csv"), DemoList.Csv(names.Select(n => (n, "domain")), TimeProvider.System.GetUtcNow().AddDays(-1)));
        var staged = await Deployment.RunAsync("curation", ["import", file, "--list", list, "--person", "anna", "--json"], cancellationToken);
        var import = JsonDocument.Parse(staged).RootElement.GetProperty("import").GetString()!;
        await Deployment.RunAsync("curation", ["decide", "import", import, "--passkey", Deployment.Cast["anna"].PasskeyFile], cancellationToken);
        await Deployment.RunAsync("curation", ["decide", "review", "--list", list, "--passkey", Deployment.Cast["bram"].PasskeyFile], cancellationToken);
    }

    public Task PublishAsync(CancellationToken cancellationToken) => Deployment.RunAsync("publisher", ["publish", "--list", list], cancellationToken);

    /// <summary>So many at once are held: somebody who decided none of them lets them out.</summary>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        var signer = new PersonalSigner(Deployment.Cast["pieter"]);
        await using var inProcess = new InProcess(Deployment, signer);
        await using var source = NpgsqlDataSource.Create(Deployment.SuperuserConnectionString);
        await using var find = source.CreateCommand("select id, change_sha256 from publishing.held h where list = $1 and not exists (select from publishing.held_end where held_id = h.id)");
        find.Parameters.AddWithValue(list);
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken)) throw new InvalidOperationException("nothing is held");
            var outcome = await inProcess.Create<DecideHeld>().RunAsync(signer.Viewer, reader.GetGuid(0), reader.GetString(1), VersionAction.Confirm, "bench", null, cancellationToken);
            if (outcome is not DecideHeldOutcome.Done) throw new InvalidOperationException($"The held version was not confirmed: {outcome}");
        }
        await PublishAsync(cancellationToken);
    }
}
