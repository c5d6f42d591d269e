using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Rebuilding;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static BlockList.Server.Tests.Publishing.CarelessAgencies;

namespace BlockList.Server.Tests.Publishing;

/// <summary>A world for each test with four entries, the ledger of which somebody changes as its owner, and a publisher that starts then.</summary>
/// <param name="postgres">Shared by all tests.</param>
public abstract class FromBrokenTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    private protected ServiceProvider Publisher { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        await World.ListAsync(Numbered("kept", 4));
        await World.PublishAsync();
        Publisher = World.NewPublisher();
    }

    public override async ValueTask DisposeAsync()
    {
        await Publisher.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>By the table's owner; no login of a role can.</summary>
    protected Task<int> BreakAsync() => MoveFirstRowAsync("-");

    protected Task<int> RestoreAsync() => MoveFirstRowAsync("+");

    private Task<int> MoveFirstRowAsync(string by) => World.Database.ExecuteAsync($"alter table publishing.ledger disable trigger all; update publishing.ledger set received_at = received_at {by} interval '1 day' where position = 1; alter table publishing.ledger enable trigger all");

    private protected Task<bool> LookAsync(ServiceProvider? by = null) => (by ?? Publisher).GetRequiredService<PublishUrgent>().RunAsync(Ct);

    protected async Task RequireRebuiltAsync()
    {
        var versions = await World.Database.ScalarAsync<int>($"select max(serial) from publishing.version where list = '{List}'");
        for (var serial = 1; serial <= versions; serial++)
        {
            var files = await World.Publisher.GetRequiredService<RebuildVersion>().RunAsync(List, serial, Ct);
            Assert.NotNull(files);
            Assert.DoesNotContain(files, file => file.Outcome == RebuiltFile.Comparison.Different);
            Assert.Equal(RebuiltFile.Comparison.Equal, files.Single(file => file.Path == "list.txt").Outcome);
        }
    }
}
