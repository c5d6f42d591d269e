using BlockList.Format.Statements;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>Writes what a release officer says to the never-block guard of one entry, a statement for each rule.</summary>
internal static class AnswerGuard
{
    /// <param name="db">Of the chain.</param>
    /// <param name="chain">Of a release officer's credential; gets the statements.</param>
    /// <param name="kind">An <see cref="DecisionKind.Override"/> or an <see cref="DecisionKind.Enforcement"/>.</param>
    /// <param name="episode">Open.</param>
    /// <param name="rules">Of <see cref="GuardRules.All"/>.</param>
    /// <param name="reason">As it was typed.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancellationToken">Before the last statement.</param>
    /// <exception cref="CurationException">It cannot be said; why, and what to do.</exception>
    public static async Task RunAsync(BlockListDb db, StatementChain chain, DecisionKind kind, Episode episode, IReadOnlyCollection<string> rules, string? reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var note = Judgement.ReadNote(reason) ?? throw new CurationException("Give the reason: it stands beside the decision, and the next person has nothing else to go by.");
        if (rules.Count == 0) throw new CurationException("Choose which rule of the never-block guard you mean.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var holds = (await GuardHold.ReadAsync(connection, [episode.Id], chain.Credential.Person, cancellationToken))[episode.Id].ToDictionary(h => h.Rule, StringComparer.Ordinal);
        var list = await ListRules.ReadAsync(db, episode.List, cancellationToken) ?? throw new CurationException($"There is no list {episode.List} that takes decisions.");
        var replayed = (await ReplayEpisodes.RunAsync(connection, [episode.Id], new HashSet<Guid>(), list, cancellationToken)).GetValueOrDefault(episode.Id);
        foreach (var rule in rules.Distinct(StringComparer.Ordinal))
        {
            chain.Add(kind, episode.List, PrepareDecisions.NameOf(episode.Name, episode.Scope), episode.Id, Annotation.Of(null, null, note), blank => blank with { Rule = rule });
            if (DecisionRefusals.Find(chain.Decisions[^1].Statement, replayed, list, now) is { } objection) throw new CurationException(objection);
            if (FindObjection(kind, rule, holds.GetValueOrDefault(rule)) is { } unfit) throw new CurationException(unfit);
        }
    }

    /// <summary>What nobody but the publisher's last run can say: whether there is anything to answer.</summary>
    private static string? FindObjection(DecisionKind kind, string rule, GuardHold? hold) => (kind, hold) switch
    {
        (_, null) => $"The never-block guard has nothing of this kind against the entry ({GuardRules.Describe(rule)}), as of the last version that was computed. Open the entry again.",
        (DecisionKind.Enforcement, { IsTouched: false }) => $"The never-block guard keeps this entry off the list already ({GuardRules.Describe(rule)}); there is nothing to enforce. End the entry with a removal, or override the register.",
        _ => null,
    };
}
