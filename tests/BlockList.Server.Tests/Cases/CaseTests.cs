using BlockList.Server.Tests.Publishing;

namespace BlockList.Server.Tests.Cases;

/// <summary>Anna and Bram listed four names; Carlo works on complaints and Otto is of oversight.</summary>
public abstract class CaseTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    private protected const string Name = "kept0.example";

    private protected CaseDesk Desk { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        Desk = new CaseDesk(World);
        await World.ListAsync(CarelessAgencies.Numbered("kept", 4));
        await World.PublishAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
