using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using BlockList.Server.Data;
using BlockList.Server.Providers;
using BlockList.Server.Providers.Enrolling;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Roles;

/// <summary>Providers and their certificates by hand, under the login of role <c>curation</c>.</summary>
internal static class ProviderCommands
{
    public static Command Command() => new("provider", "Registers providers, gives codes to enrol with, and enrols or revokes certificates.")
    {
        Register(), Code(), Enrol(), Revoke(), Suspend(), Grant(), List(),
    };

    private static Command Register()
    {
        var name = new Argument<string>("name") { Description = "name of the provider" };
        var contact = new Option<string>("--contact") { Description = "where its operations people are reached", Required = true };
        var lists = new Option<string[]>("--list") { Description = "a list that it may download; may be repeated", Required = true };
        return Create("register", "Adds a provider that may download lists.", async (parsed, services, cancellationToken) =>
        {
            var request = new RegisterProviderRequest(parsed.GetRequiredValue(name), parsed.GetRequiredValue(contact), parsed.GetRequiredValue(lists));
            var known = await ListsAsync(services, cancellationToken);
            if (request.Lists.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown) throw NoSuchList(unknown, known);
            return await services.GetRequiredService<RegisterProvider>().RunAsync(request, Actor, cancellationToken) switch
            {
                RegisterProviderOutcome.Registered registered => $"Registered with id {registered.Id}. Enrol its certificate with: blocklist provider enrol {registered.Id} --certificate FILE",
                RegisterProviderOutcome.NameUnfit => throw new RoleException("The name is empty, longer than 200 characters, or reads as an id. Give the provider's name as people say it."),
                RegisterProviderOutcome.ContactUnfit => throw new RoleException("The contact is empty or longer than 200 characters. Give an e-mail address or a telephone number."),
                RegisterProviderOutcome.NameTaken => throw new RoleException("A provider of this name is registered already. See it with: blocklist provider list"),
                RegisterProviderOutcome.NoSuchList => throw NoSuchList(string.Join(", ", request.Lists), known),
                var other => throw new InvalidOperationException(other.ToString()),
            };
        }, name, contact, lists);
    }

    private static Command Code()
    {
        var provider = ProviderArgument();
        var json = new Option<bool>("--json") { Description = "for programs" };
        return Create("code", "Makes a code of one use by which a provider's agent gets its certificate, in place of one that is open.", async (parsed, services, cancellationToken) =>
            await services.GetRequiredService<MakeCode>().RunAsync(parsed.GetRequiredValue(provider), Actor, cancellationToken) switch
            {
                MakeCodeOutcome.Made made when parsed.GetValue(json) => JsonSerializer.Serialize(new { provider = made.ProviderId, code = made.Code.ToString(), expires = made.ExpiresAt }, JsonSerializerOptions.Web),
                MakeCodeOutcome.Made made => $"""
                    {made.Code}
                    It is shown once and holds until {Time(made.ExpiresAt)}, for one key. Tell it to the provider by another way than the bundle. They type:
                      blocklist-agent enroll BUNDLE --code {made.Code}
                    """,
                MakeCodeOutcome.NoSuchProvider => throw NoSuchProvider(),
                MakeCodeOutcome.Suspended => throw new RoleException("The provider is suspended and gets no certificate. Lift that first: blocklist provider suspend NAME --end"),
                var other => throw new InvalidOperationException(other.ToString()),
            }, provider, json);
    }

    private static Command Enrol()
    {
        var provider = ProviderArgument();
        var certificate = new Option<FileInfo>("--certificate") { Description = "PEM file with the provider's certificate alone", Required = true };
        var renews = new Option<string?>("--renews") { Description = "SHA-256 of the certificate that it takes over from" };
        return Create("enrol", "Lets a certificate of a provider in.", async (parsed, services, cancellationToken) =>
        {
            var file = parsed.GetRequiredValue(certificate);
            if (!file.Exists) throw new RoleException($"The file {file.FullName} does not exist. Name the provider's certificate with --certificate.");
            var request = new EnrolCertificateRequest(parsed.GetRequiredValue(provider), await File.ReadAllTextAsync(file.FullName, cancellationToken), parsed.GetValue(renews)?.ToLowerInvariant());
            return await services.GetRequiredService<EnrolCertificate>().RunAsync(request, Actor, cancellationToken) switch
            {
                EnrolCertificateOutcome.Enrolled enrolled => $"Enrolled {enrolled.Sha256}, valid until {Time(enrolled.NotAfter)}.",
                EnrolCertificateOutcome.NoSuchProvider => throw NoSuchProvider(),
                EnrolCertificateOutcome.HoldsPrivateKey => throw new RoleException($"{file.Name} holds a private key, which nobody but the provider should have. Ask for a certificate with a new key, and delete this file."),
                EnrolCertificateOutcome.NotOneCertificate => throw new RoleException($"{file.Name} does not hold exactly one PEM certificate. Give the provider's own certificate, without those of authorities."),
                EnrolCertificateOutcome.IsAuthority => throw new RoleException($"{file.Name} is the certificate of an authority. Give the provider's own certificate."),
                EnrolCertificateOutcome.NotForClients => throw new RoleException($"{file.Name} is not made for client authentication (extended key usage clientAuth). Ask for one that is."),
                EnrolCertificateOutcome.Expired expired => throw new RoleException($"{file.Name} expired on {Time(expired.NotAfter)}. Ask for a newer one."),
                EnrolCertificateOutcome.NoSuchOrigin => throw new RoleException("The certificate named with --renews is not a valid certificate of this provider. See them with: blocklist provider list"),
                EnrolCertificateOutcome.KeyInUse => throw new RoleException($"The key of {file.Name} is that of a certificate which is enrolled here. Ask for a certificate with a new key."),
                EnrolCertificateOutcome.AlreadyEnrolled enrolled => throw new RoleException($"The certificate {enrolled.Sha256} is enrolled already; nothing was changed."),
                var other => throw new InvalidOperationException(other.ToString()),
            };
        }, provider, certificate, renews);
    }

    private static Command Revoke()
    {
        var sha256 = new Option<string?>("--certificate") { Description = "SHA-256 of one certificate" };
        var provider = new Option<string?>("--provider") { Description = "name or id: all its certificates" };
        return Create("revoke", "Refuses certificates from now on.", async (parsed, services, cancellationToken) =>
        {
            RevokeCertificateRequest request = (parsed.GetValue(sha256), parsed.GetValue(provider)) switch
            {
                ({ } one, null) => new RevokeCertificateRequest.One(one),
                (null, { } all) => new RevokeCertificateRequest.AllOf(all),
                _ => throw new RoleException("Say which: --certificate SHA256 for one certificate, or --provider NAME for all of a provider."),
            };
            return await services.GetRequiredService<RevokeCertificate>().RunAsync(request, Actor, cancellationToken) switch
            {
                RevokeCertificateOutcome.Revoked revoked => string.Create(CultureInfo.InvariantCulture, $"Revoked {revoked.Certificates}, with everything renewed from it. Open connections are refused from now on, too."),
                RevokeCertificateOutcome.NothingToRevoke => "Nothing to revoke: all of it was revoked before.",
                RevokeCertificateOutcome.NoSuchCertificate => throw new RoleException("No such certificate is enrolled. See them with: blocklist provider list"),
                RevokeCertificateOutcome.NoSuchProvider => throw NoSuchProvider(),
                var other => throw new InvalidOperationException(other.ToString()),
            };
        }, sha256, provider);
    }

    private static Command Suspend()
    {
        var provider = ProviderArgument();
        var end = new Option<bool>("--end") { Description = "lift the suspension" };
        return Create("suspend", "Stops a provider's downloads, or lifts that.", async (parsed, services, cancellationToken) =>
            await services.GetRequiredService<SuspendProvider>().RunAsync(
                new SuspendProviderRequest(parsed.GetRequiredValue(provider), parsed.GetValue(end)), Actor, cancellationToken) switch
            {
                SuspendProviderOutcome.Done => parsed.GetValue(end) ? "The provider may download again." : "Suspended. Lift it with: blocklist provider suspend NAME --end",
                SuspendProviderOutcome.Unchanged => parsed.GetValue(end) ? "Nothing to lift: the provider is not suspended." : "The provider is suspended already.",
                SuspendProviderOutcome.NoSuchProvider => throw NoSuchProvider(),
                var other => throw new InvalidOperationException(other.ToString()),
            }, provider, end);
    }

    private static Command Grant()
    {
        var provider = ProviderArgument();
        var list = new Option<string>("--list") { Description = "the list", Required = true };
        var end = new Option<bool>("--end") { Description = "take it back" };
        return Create("grant", "Lets a provider download one more list, or takes that back.", async (parsed, services, cancellationToken) =>
            await services.GetRequiredService<GrantList>().RunAsync(
                new GrantListRequest(parsed.GetRequiredValue(provider), parsed.GetRequiredValue(list), parsed.GetValue(end)), Actor, cancellationToken) switch
            {
                GrantListOutcome.Done => parsed.GetValue(end)
                    ? "Taken back, from the next request on. What the provider enforces of this list it enforces until they take it out of their agent's configuration: tell them."
                    : "Granted, from the next request on. The provider adds the list to their agent's configuration from a new bundle.",
                GrantListOutcome.Unchanged => parsed.GetValue(end) ? "Nothing to take back: the provider may not download this list." : "The provider may download this list already.",
                GrantListOutcome.NoSuchProvider => throw NoSuchProvider(),
                GrantListOutcome.NoSuchList => throw NoSuchList(parsed.GetRequiredValue(list), await ListsAsync(services, cancellationToken)),
                var other => throw new InvalidOperationException(other.ToString()),
            }, provider, list, end);
    }

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "for programs" };
        return Create("list", "Shows providers, their lists and certificates.", async (parsed, services, cancellationToken) =>
        {
            await using var db = await services.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(cancellationToken);
            var providers = await db.Providers.AsNoTracking().OrderBy(p => p.Name).Select(p => new
            {
                p.Id, p.Name, p.Contact, p.SuspendedAt,
                Lists = db.ProviderLists.Where(l => l.ProviderId == p.Id).Select(l => l.List).Order().ToArray(),
                Certificates = db.ProviderCertificates.Where(c => c.ProviderId == p.Id).OrderBy(c => c.EnrolledAt)
                    .Select(c => new { c.Sha256, c.NotBefore, c.NotAfter, c.RenewedFrom, c.RevokedAt }).ToArray(),
            }).ToArrayAsync(cancellationToken);
            if (parsed.GetValue(json)) return JsonSerializer.Serialize(providers, JsonSerializerOptions.Web);
            if (providers.Length == 0) return "No provider is registered. Add one with: blocklist provider register NAME --contact CONTACT --list LIST";
            return string.Join(Environment.NewLine, providers.SelectMany(p => new[]
            {
                $"{p.Name}  {p.Id}  {string.Join(", ", p.Lists)}{(p.SuspendedAt is { } since ? $"  suspended {Time(since)}" : "")}",
            }.Concat(p.Certificates.Select(c => $"  {c.Sha256}  {(c.RevokedAt is { } at ? $"revoked {Time(at)}" : $"until {Time(c.NotAfter)}")}"))));
        }, json);
    }

    private static async Task<string[]> ListsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(cancellationToken);
        return await db.Lists.Select(l => l.Id).Order().ToArrayAsync(cancellationToken);
    }

    private static string Actor => "operator:" + Environment.UserName;

    private static Argument<string> ProviderArgument() => new("provider") { Description = "name or id of the provider" };

    private static RoleException NoSuchList(string list, string[] known) => new($"There is no list \"{list}\". The lists are: {string.Join(", ", known)}.");

    private static RoleException NoSuchProvider() => new("No such provider is registered. See them with: blocklist provider list");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("ddd d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static Command Create(string name, string description, Func<ParseResult, IServiceProvider, CancellationToken, Task<string>> run, params Symbol[] symbols) =>
        RoleCommand.Create(name, description, (services, _) => services.AddProviders(), async (parsed, services, cancellationToken) =>
        {
            Console.WriteLine(await run(parsed, services, cancellationToken));
            return 0;
        }, symbols);
}
