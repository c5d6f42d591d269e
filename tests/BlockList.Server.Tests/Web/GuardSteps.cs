using BlockList.Format.Names;
using BlockList.Server.Curation;
using BlockList.Server.Names.Register;
using BlockList.Server.Tests.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>What arranges a site whose entries the never-block guard speaks against.</summary>
internal static class GuardSteps
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Puts the second version of the register in force, in which these people have other roles.</summary>
    public static async Task AppointAsync(this CurationSite site, params (string Person, string[] Roles)[] appointed)
    {
        var roles = appointed.ToDictionary(a => a.Person, a => a.Roles, StringComparer.Ordinal);
        var register = site.Keys.ComposeRegister(site.Cast, 2);
        register = register with { Credentials = register.Credentials.Values.Select(c => roles.TryGetValue(c.Person, out var given) ? c with { Roles = given } : c).ToDictionary(c => c.Id, StringComparer.Ordinal) };
        site.Keys.SignRegister(register);
        await site.Services.GetRequiredService<LoadRegisterCopy>().RunAsync(register, Ct);
        foreach (var (person, given) in appointed) await site.Database.ExecuteAsync("update access.person set roles = $2 where id = $1", person, given);
    }

    /// <summary>Enters a name, with all below it, into the never-block register.</summary>
    public static async Task ProtectAsync(this CurationSite site, string name, RegisterSource source = RegisterSource.Critical) =>
        Assert.IsType<RegisterOutcome.Done>(await site.Services.GetRequiredService<ChangeRegister>().AddAsync(CastSigner.ViewerOf(site.Cast["anna"]),
            DomainName.TryParseCanonical(name, out var parsed) ? parsed : throw new ArgumentException("no name", nameof(name)), source, null, "for a test", Ct));

    /// <summary>Proposed by Bram and found met by Anna, on their pages.</summary>
    public static async Task<Guid> FoundAsync(this CurationSite site, string name)
    {
        using var bram = await site.SignInAsync("bram");
        await bram.ProposeAsync(name, site.Clock.GetUtcNow().AddHours(-3), note: "a note of bram");
        var handle = await site.HandleOfAsync(name);
        using var anna = await site.SignInAsync("anna");
        Assert.Contains("Your assessment is recorded", (await anna.AssessAsync(await anna.BeginAsync(handle))).Words, StringComparison.Ordinal);
        return handle;
    }
}
