using System.Globalization;
using System.Text;
using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Names.Register;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Rows of the never-block register in a <see cref="PublishingWorld"/>, signed as people sign them, and people with other roles than the demo's.</summary>
internal sealed class RegisterDesk(PublishingWorld world)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ChangeRegister Change => ActivatorUtilities.CreateInstance<ChangeRegister>(world.Curation, new CastSigner(world.Cast));

    public static Viewer ViewerOf(string person, string? agency = null, params string[] roles) =>
        new(Guid.CreateVersion7(), person, person, agency, agency, null, roles.ToHashSet(StringComparer.Ordinal), TimeZoneInfo.Utc, "system", "{}");

    /// <returns>The row.</returns>
    public async Task<Guid> AddAsync(string person, string name, RegisterSource source) => DoneOf(await Change.AddAsync(ViewerOf(person),
        DomainName.TryParseCanonical(name, out var parsed) ? parsed : throw new ArgumentException("no name", nameof(name)), source, source == RegisterSource.Proven ? Guid.CreateVersion7() : null, "for a test", Ct));

    /// <summary>Imports the names as the most visited sites, in their order.</summary>
    public async Task<Guid> ImportAsync(string person, params string[] names) =>
        DoneOf(await Change.ImportAsync(ViewerOf(person), Encoding.UTF8.GetBytes(string.Concat(names.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1},{name}\n")))), "for a test", Ct));

    /// <summary>Puts a register in force in which these people have other roles, in their agencies and in the copies too.</summary>
    public async Task AppointAsync(params (string Person, string[] Roles)[] appointed)
    {
        var version = await world.Database.ScalarAsync<int>("select coalesce((select max(register_version) from publishing.ledger), 1)") + 1;
        var register = world.Keys.ComposeRegister(world.Cast, version);
        var roles = appointed.ToDictionary(a => a.Person, a => a.Roles, StringComparer.Ordinal);
        await world.TakeRegisterAsync(register with
        {
            Credentials = register.Credentials.Values.Select(c => roles.TryGetValue(c.Person, out var given) ? c with { Roles = given } : c).ToDictionary(c => c.Id, StringComparer.Ordinal),
        });
        foreach (var (person, given) in appointed) await world.Database.ExecuteAsync("update access.person set roles = $2 where id = $1", person, given);
    }

    private static Guid DoneOf(RegisterOutcome outcome) => outcome is RegisterOutcome.Done done ? done.Statement : throw new InvalidOperationException(outcome.ToString());
}
