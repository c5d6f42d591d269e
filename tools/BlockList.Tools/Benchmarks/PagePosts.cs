using System.Globalization;
using Npgsql;

namespace BlockList.Tools.Benchmarks;

/// <summary>What curators send: proposals, claims, and the assessments of what was proposed.</summary>
internal sealed class PagePosts(PageDeployment small, PageDeployment large)
{
    private static readonly (string, string)[] Verdicts = [("verdict-c1", "met"), ("verdict-c2", "met"), ("verdict-c3", "met")];

    public async Task<IReadOnlyList<PageTimes>> MeasureAsync(int requests, CancellationToken cancellationToken)
    {
        PageDeployment[] both = [small, large];
        List<double>[] proposals = [[], []], claims = [[], []], assessments = [[], []];
        var seen = TimeProvider.System.GetUtcNow().AddHours(-2).UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        for (var i = 0; i < requests; i++)
        {
            for (var size = 0; size < 2; size++)
            {
                var (bram, elise) = (await both[size].VisitorAsync("bram", cancellationToken), await both[size].VisitorAsync("elise", cancellationToken));
                var name = $"proposed-{i}.example";
                proposals[size].Add(await bram.PostAsync("/propose", [("list", "worst-of"), ("name", name), ("scope", "domain"), ("sighted-at", seen), ("submission", Submission()), .. Verdicts], cancellationToken));
                var handle = await HandleAsync(both[size], name, cancellationToken);
                claims[size].Add(await elise.PostAsync($"/entries/{handle}/claim", [("list", "worst-of")], cancellationToken));
                await elise.PostAsync($"/entries/{handle}/claim/release", [("list", "worst-of")], cancellationToken);
                assessments[size].Add(await elise.PostAsync($"/entries/{handle}/assess", [("list", "worst-of"), ("seen-vote", "none"), ("submission", Submission()), .. Verdicts], cancellationToken));
            }
        }
        return
        [
            new PageTimes("POST propose", false, proposals[0], proposals[1]), new PageTimes("POST claim", false, claims[0], claims[1]), new PageTimes("POST assess", false, assessments[0], assessments[1]),
        ];
    }

    private static string Submission() => new Guid(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)).ToString("N");

    private static async Task<Guid> HandleAsync(PageDeployment deployment, string name, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(deployment.Deployment.SuperuserConnectionString);
        await using var command = source.CreateCommand("select id from curation.subject where name = $1 and scope = 'domain'");
        command.Parameters.AddWithValue(name);
        return await command.ExecuteScalarAsync(cancellationToken) is Guid handle ? handle : throw new InvalidOperationException($"{name} was proposed and is no entry: the form was shown again.");
    }
}
