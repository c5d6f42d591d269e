using System.Security.Cryptography;
using BlockList.Format.Enrolment;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Providers.Enrolling;

/// <summary>Makes a code of one use for a provider, in place of one that is open. It is shown once; the database has its hash.</summary>
internal sealed class MakeCode(IDbContextFactory<BlockListDb> databases, NpgsqlDataSource database)
{
    /// <param name="named">Name or id of the provider.</param>
    /// <param name="actor">For the audit log.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<MakeCodeOutcome> RunAsync(string named, string actor, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.FindProviderAsync(named, cancellationToken) is not { } provider) return new MakeCodeOutcome.NoSuchProvider();
        while (true)
        {
            var code = EnrolmentCode.Of(RandomNumberGenerator.GetBytes(EnrolmentCode.Length));
            await using var command = database.CreateCommand("select providers.make_code($1, $2, $3, $4)");
            command.Parameters.AddWithValue(provider.Id);
            command.Parameters.AddWithValue(code.Handle);
            command.Parameters.AddWithValue(code.Sha256);
            command.Parameters.AddWithValue(actor);
            try
            {
                return await command.ExecuteScalarAsync(cancellationToken) is DateTime expires
                    ? new MakeCodeOutcome.Made(provider.Id, code, new DateTimeOffset(expires, TimeSpan.Zero))
                    : new MakeCodeOutcome.Suspended();
            }
            catch (PostgresException problem) when (problem is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "code_handle_key" })
            {
                // One in some thirty million: drawn again.
            }
        }
    }
}

internal abstract record MakeCodeOutcome
{
    private MakeCodeOutcome()
    {
    }

    internal sealed record Made(Guid ProviderId, EnrolmentCode Code, DateTimeOffset ExpiresAt) : MakeCodeOutcome;

    internal sealed record NoSuchProvider : MakeCodeOutcome;

    internal sealed record Suspended : MakeCodeOutcome;
}
