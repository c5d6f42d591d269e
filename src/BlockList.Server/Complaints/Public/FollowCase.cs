using System.Text.Json;
using Npgsql;

namespace BlockList.Server.Complaints.Public;

/// <summary>What became of a complaint, for who has reference and secret, and what they say to it. Before proof of control it is the
/// same for every name.</summary>
internal sealed class FollowCase(NpgsqlDataSource database, ComplaintSecrets secrets)
{
    public const int LongestText = 5000;

    public const string Taken = "taken";

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<CaseStep>> ReadAsync(string reference, string secret, CancellationToken cancellationToken)
    {
        await using var command = Command("select at, kind, detail::text, text from complaint.progress($1, $2)", reference, secret);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var steps = new List<CaseStep>();
        while (await reader.ReadAsync(cancellationToken))
            steps.Add(new CaseStep(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(2))!, reader.IsDBNull(3) ? null : reader.GetString(3)));
        return steps;
    }

    /// <summary>How far the versions have come with which entries left. After proof; nothing before it.</summary>
    public async Task<IReadOnlyList<AppliedVersion>> AppliedAsync(string reference, string secret, IReadOnlyList<DisclosedEntry> entries, CancellationToken cancellationToken)
    {
        var removed = entries.Where(entry => entry.RemovedSerial is not null).ToArray();
        if (removed.Length == 0) return [];
        await using var command = Command("select list, serial, applied, providers from complaint.applied($1, $2, $3, $4) order by list, serial", reference, secret);
        command.Parameters.AddWithValue(removed.Select(entry => entry.List).ToArray());
        command.Parameters.AddWithValue(removed.Select(entry => entry.RemovedSerial!.Value).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<AppliedVersion>();
        while (await reader.ReadAsync(cancellationToken)) versions.Add(new AppliedVersion(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3)));
        return versions;
    }

    /// <summary>Answers the officer's question. <see cref="Taken"/>, or a word for why not.</summary>
    public Task<string> AnswerAsync(string reference, string secret, string text, CancellationToken cancellationToken) => SayAsync("select complaint.answer($1, $2, $3)", reference, secret, text, cancellationToken);

    /// <summary>Appeals, once. <see cref="Taken"/>, or a word for why not.</summary>
    public Task<string> AppealAsync(string reference, string secret, string text, CancellationToken cancellationToken) => SayAsync("select complaint.appeal($1, $2, $3)", reference, secret, text, cancellationToken);

    private async Task<string> SayAsync(string sql, string reference, string secret, string text, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, reference, secret);
        command.Parameters.AddWithValue(text);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private NpgsqlCommand Command(string sql, string reference, string secret)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(reference);
        command.Parameters.AddWithValue(secrets.Hash(secret));
        return command;
    }
}

/// <summary>Something that happened with a complaint.</summary>
/// <param name="Kind">Of <c>complaint.event</c>, or <c>answered</c>: there is an answer, which only proof of control opens.</param>
/// <param name="Detail">Words of ours: outcome, criterion, which question.</param>
/// <param name="Text">What a person wrote.</param>
internal sealed record CaseStep(DateTimeOffset At, string Kind, IReadOnlyDictionary<string, string> Detail, string? Text)
{
    public string? Outcome => Kind is "decided" or "appeal-decided" ? Detail.GetValueOrDefault("outcome") : null;
}

/// <param name="Serial">The version that an entry left with.</param>
/// <param name="Applied">Providers who said that they apply it, or a later one.</param>
/// <param name="Providers">Those who are to apply the list.</param>
internal sealed record AppliedVersion(string List, int Serial, long Applied, long Providers);
