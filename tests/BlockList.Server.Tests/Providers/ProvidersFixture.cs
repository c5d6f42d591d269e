using BlockList.Server.Providers;
using BlockList.Server.Tests.Database;
using BlockList.Server.Tests.Distribution;
using Xunit;

namespace BlockList.Server.Tests.Providers;

/// <summary>The use cases under the login of role <c>curation</c>, with two lists and an authority to issue certificates.</summary>
public sealed class ProvidersFixture(PostgresFixture postgres) : IAsyncLifetime
{
    public MigratedDatabase Database { get; } = new(postgres);

    internal TestAuthority Clients { get; } = new("Clients of the test");

    internal SettableClock Clock { get; } = new();

    internal RegisterProvider Register => new(MigratedDatabase.Contexts(Database.Curation), Clock);

    internal EnrolCertificate Enrol => new(MigratedDatabase.Contexts(Database.Curation), Clock);

    internal RevokeCertificate Revoke => new(MigratedDatabase.Contexts(Database.Curation), Clock);

    internal SuspendProvider Suspend => new(MigratedDatabase.Contexts(Database.Curation), Clock);

    internal GrantList Grant => new(MigratedDatabase.Contexts(Database.Curation));

    internal Enrolments Enrolments => new(Database.Superuser);

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        await Database.ExecuteAsync("insert into criteria.list (id, agencies_needed, countries_needed, lease_months) values ('worst-of', 2, 2, 3), ('national', 1, 1, 3)");
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Clients.Dispose();
    }

    internal async Task<Guid> RegisterAsync(string name) => Assert.IsType<RegisterProviderOutcome.Registered>(await Register.RunAsync(
        new RegisterProviderRequest(name, "noc@provider.example", ["worst-of"]), "test", TestContext.Current.CancellationToken)).Id;

    internal async Task<string> EnrolAsync(Guid provider, string? renewedFrom = null)
    {
        using var certificate = Clients.Issue("provider");
        return Assert.IsType<EnrolCertificateOutcome.Enrolled>(await Enrol.RunAsync(
            new EnrolCertificateRequest(provider.ToString(), certificate.ExportCertificatePem(), renewedFrom), "test", TestContext.Current.CancellationToken)).Sha256;
    }

    /// <summary>Login, actor, action and detail of each audit row about <paramref name="subject"/>, in order.</summary>
    internal async Task<IReadOnlyList<(string Login, string Actor, string Action, string Detail)>> AuditAsync(Guid subject)
    {
        await using var command = Database.Superuser.CreateCommand("select login, actor, action, detail::text from oversight.audit where subject = $1 order by id");
        command.Parameters.AddWithValue(subject.ToString());
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<(string, string, string, string)>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) rows.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        return rows;
    }

    internal Task<long> AuditRowsAsync() => Database.ScalarAsync<long>("select count(*) from oversight.audit");
}
