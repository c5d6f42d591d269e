using BlockList.Server.Names;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Complaints.Public;

/// <summary>Sends a draft whose answers hold. Asks no list: what comes back is the same for every domain.</summary>
internal sealed class SubmitComplaint(NpgsqlDataSource database, ComplaintSecrets secrets, PublicSuffixes suffixes, Tide tide, IOptions<PortalOptions> options)
{
    private const int Attempts = 4;

    /// <param name="draft">Complete.</param>
    /// <param name="language">Of the page, and of mails.</param>
    /// <param name="needsMail">Counts only when the link in a mail was opened; the draft has an address then.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<SubmitComplaintOutcome> RunAsync(Draft draft, string language, bool needsMail, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (reference, secret) = (secrets.ReferenceOf(draft.Id, attempt), secrets.SecretOf(draft.Id, attempt));
            var answer = await SendAsync(draft, language, reference, secret, needsMail ? secrets.TokenOf(draft.Id, attempt) : null, cancellationToken);
            if (answer == "taken") continue;
            if (answer == "enough") return new SubmitComplaintOutcome.EnoughMails();
            if (answer != "known") tide.Count();
            return new SubmitComplaintOutcome.Taken(reference, secret, answer == "mail" ? Questions.EmailOf(draft) : null);
        }
        throw new InvalidOperationException("no reference was free");
    }

    private async Task<string> SendAsync(Draft draft, string language, string reference, string secret, string? token, CancellationToken cancellationToken)
    {
        var name = TypedDomain.Read(draft.Domain).Name!;
        await using var command = database.CreateCommand("select complaint.submit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
        command.Parameters.AddWithValue(reference);
        command.Parameters.AddWithValue(secrets.Hash(secret));
        command.Parameters.AddWithValue(draft.Party);
        command.Parameters.AddWithValue(draft.Kind);
        command.Parameters.AddWithValue(name.Ascii);
        command.Parameters.AddWithValue(suffixes.Locate(name.Ascii).Registrable == 0);
        command.Parameters.AddWithValue(language);
        AddOrNull(command, NpgsqlDbType.Date, Questions.Asks(draft, Step.Since) ? Questions.SinceOf(draft) : null);
        command.Parameters.AddWithValue(draft.Text);
        AddOrNull(command, NpgsqlDbType.Text, Questions.EmailOf(draft));
        AddOrNull(command, NpgsqlDbType.Bytea, token is null ? null : secrets.Hash(token));
        AddOrNull(command, NpgsqlDbType.Text, token is null ? null : $"{options.Value.Origin}/{language}/confirm/{reference}/{token}");
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static void AddOrNull(NpgsqlCommand command, NpgsqlDbType type, object? value) => command.Parameters.AddWithValue(type, value ?? DBNull.Value);
}

internal abstract record SubmitComplaintOutcome
{
    private SubmitComplaintOutcome()
    {
    }

    /// <param name="Reference">For mails, and for whoever asks.</param>
    /// <param name="Secret">Shown with this page and never again.</param>
    /// <param name="ConfirmAt">The address that a link was sent to, which must be opened first; null where nothing is to be confirmed.</param>
    internal sealed record Taken(string Reference, string Secret, string? ConfirmAt) : SubmitComplaintOutcome;

    /// <summary>The address got as many mails today as one person needs.</summary>
    internal sealed record EnoughMails : SubmitComplaintOutcome;
}
