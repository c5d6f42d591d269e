using BlockList.Server.Providers;
using BlockList.Server.Tests.Database;
using Xunit;

namespace BlockList.Server.Tests.Providers;

public sealed class RegisterProviderTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    [Fact]
    public async Task List_that_does_not_exist_leaves_no_provider_and_no_audit_row()
    {
        await database.ExecuteAsync("insert into criteria.list (id, agencies_needed, countries_needed, lease_months) values ('known', 2, 2, 3)");
        var register = new RegisterProvider(MigratedDatabase.Contexts(database.Curation), TimeProvider.System);

        var outcome = await register.RunAsync(new RegisterProviderRequest("Provider", "noc@provider.example", ["known", "unknown"]), "test", TestContext.Current.CancellationToken);

        Assert.IsType<RegisterProviderOutcome.NoSuchList>(outcome);
        Assert.Equal(0, await database.ScalarAsync<long>("select (select count(*) from providers.provider) + (select count(*) from oversight.audit)"));
    }
}
