using System.Security.Cryptography;
using BlockList.Format.Enrolment;
using BlockList.Format.Names;
using BlockList.Server.DnsChecks;
using Npgsql;

namespace BlockList.Server.Providers.Applications;

/// <summary>Makes a provider of an application, with its lists and a code of one use, and asks for the proofs of its own domains.</summary>
internal sealed class ApproveApplication(NpgsqlDataSource database, AskProof ask, TimeProvider clock)
{
    /// <param name="application">With its domains.</param>
    /// <param name="person">Who approves.</param>
    /// <param name="name">Of the provider.</param>
    /// <param name="lists">Ids of those that it may download.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<ApproveApplicationOutcome> RunAsync(ProviderApplication application, string person, string name, string[] lists, CancellationToken cancellationToken)
    {
        var (provider, code) = (Guid.CreateVersion7(clock.GetUtcNow()), EnrolmentCode.Of(RandomNumberGenerator.GetBytes(EnrolmentCode.Length)));
        await using var command = database.CreateCommand("select providers.approve($1, $2, $3, $4, $5, $6, $7)");
        foreach (object value in new object[] { application.Id, person, provider, name, lists, code.Handle, code.Sha256 }) command.Parameters.AddWithValue(value);
        switch ((string)(await command.ExecuteScalarAsync(cancellationToken))!)
        {
            case "decided": return new ApproveApplicationOutcome.Decided();
            case "name-taken": return new ApproveApplicationOutcome.NameTaken();
            case "no-such-list": return new ApproveApplicationOutcome.NoSuchList();
        }
        // What cannot be asked for now can be on the page of hosts; the provider is there.
        foreach (var domain in application.Domains)
        {
            if (DomainName.TryParseCanonical(domain, out var own)) await ask.RunAsync(own, ProofOwner.Provider(provider), person, CancellationToken.None);
        }
        return new ApproveApplicationOutcome.Approved(code);
    }
}

internal abstract record ApproveApplicationOutcome
{
    private ApproveApplicationOutcome()
    {
    }

    internal sealed record Approved(EnrolmentCode Code) : ApproveApplicationOutcome;

    /// <summary>By somebody before.</summary>
    internal sealed record Decided : ApproveApplicationOutcome;

    internal sealed record NameTaken : ApproveApplicationOutcome;

    internal sealed record NoSuchList : ApproveApplicationOutcome;
}
