using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BlockList.Format.Names;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// A million names asked of the guard over a register of a million and all suffix rules, on one core. The register is
/// imported and loaded as the curation role does it, from its PostgreSQL. Beside it a set of strings that is asked for the
/// name and each name above it: it knows no suffixes, nothing below a name, and no source.
/// </summary>
internal static class GuardBench
{
    private const int Names = 1_000_000;
    private const int Rounds = 5;

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var cluster = await PrivateCluster.StartAsync(state, new ClusterOptions { Durable = false, AlwaysPrivate = true }, cancellationToken);
        await using var deployment = await Deployment.PrepareAsync(state, cluster, DemoInstallation.Database, TimeProvider.System, cancellationToken);
        var signer = new PersonalSigner(deployment.Cast["olav"]);
        var sites = SampleNames.Make(Names);
        var asked = Ask(sites);

        await using var curation = new InProcess(deployment, signer);
        var file = Encoding.ASCII.GetBytes(string.Concat(sites.Select((site, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1},{site}\n"))));
        var (imported, import) = await TimeAsync(() => curation.Of<ChangeRegister>().ImportAsync(signer.Viewer, file, "bench", cancellationToken));
        if (imported is not RegisterOutcome.Done) throw new InvalidOperationException($"The list was not imported: {imported}");
        var before = Held();
        var (guard, load) = await TimeAsync(async () => await curation.Of<CurrentGuard>().ReadAsync(cancellationToken));
        var held = Held() - before;
        GC.KeepAlive(guard);

        var stolen = new StolenTime();
        var (perSecond, against) = Fastest(() => asked.Count(name => guard.Check(name, Scope.Domain) is not GuardVerdict.Clear));
        before = Held();
        var set = sites.ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var setHeld = Held() - before;
        var (setPerSecond, setAgainst) = Fastest(() => asked.Count(name => IsInOrBelow(set, name.Ascii)));

        Row("", "names/s", "against", "MB");
        Row("guard: suffixes, above, at and below", F(perSecond), F(against), F(held / 1e6));
        Row("set of strings, above and at (peer)", F(setPerSecond), F(setAgainst), F(setHeld / 1e6));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nimport of {Names:N0} rows, signed and stored: {import:F2} s; loading them from PostgreSQL: {load:F2} s; tables {guard.Register.Memory / 1e6:F0} MB; the host took {stolen.Share:P0} of the processors while names were asked"));
        return Goal.Conclude(new Goal("guard-checks-per-second", perSecond, 1_000_000, IsFloor: true), new Goal("guard-load-seconds", load, 3));
    }

    /// <summary>A third in the register, a third below a name of it, a third unknown, in random order.</summary>
    private static DomainName[] Ask(IReadOnlyList<string> sites)
    {
        var names = new DomainName[Names];
        for (var i = 0; i < Names; i++)
        {
            var site = sites[RandomNumberGenerator.GetInt32(sites.Count)];
            var text = (i % 3) switch { 0 => site, 1 => "www." + site, _ => "x" + site };
            names[i] = DomainName.TryParseCanonical(text, out var name) ? name : throw new InvalidOperationException(text);
        }
        RandomNumberGenerator.Shuffle<DomainName>(names);
        return names;
    }

    private static bool IsInOrBelow(HashSet<string>.AlternateLookup<ReadOnlySpan<char>> set, ReadOnlySpan<char> name)
    {
        while (true)
        {
            if (set.Contains(name)) return true;
            var dot = name.IndexOf('.');
            if (dot < 0) return false;
            name = name[(dot + 1)..];
        }
    }

    private static (double PerSecond, int Against) Fastest(Func<int> count)
    {
        var (best, against) = (double.MaxValue, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            against = count();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return (Names / best, against);
    }

    private static async Task<(T Result, double Seconds)> TimeAsync<T>(Func<Task<T>> work)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await work();
        return (result, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static long Held() => GC.GetTotalMemory(forceFullCollection: true);

    private static string F(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static void Row(string what, params ReadOnlySpan<string> figures)
    {
        Console.Write($"{what,-40}");
        foreach (var figure in figures) Console.Write($"{figure,14}");
        Console.WriteLine();
    }
}
