using BlockList.Format;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Http.Pages;
using Npgsql;

namespace BlockList.Server.Publishing.Gates;

/// <summary>The page of one held version.</summary>
internal sealed class HeldScreen(ReadHeld held, DecideHeld decide, NpgsqlDataSource database)
{
    /// <summary>Of each kind of change, on the page; the file has all.</summary>
    private const int Sample = 25;

    public async Task<IResult> ShowAsync(Viewer reader, Guid id, TypedWord typed, IReadOnlyList<FieldError> errors, string? problem, string? done, CancellationToken cancellationToken)
    {
        if (await held.FindAsync(id, cancellationToken) is not { } found) return PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound);
        await HeldEndpoints.AuditReadAsync(database, reader, found, "page", cancellationToken);
        var (change, bytes) = await held.ChangeAsync(id, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var isOwn = reader.IsAny(RoleNames.ReleaseOfficer, RoleNames.ListOwner) && await DecideHeld.IsOwnWorkAsync(connection, found.List, bytes, reader.Person, cancellationToken);
        var model = new HeldVersionModel(found, [.. change.Added.Take(Sample)], [.. change.Removed.Take(Sample)], Hashes.Sha256(bytes), await held.WordsAsync(id, cancellationToken), isOwn, typed, errors, problem, done,
            $"blocklist approve --list {found.List} --version {change.To} --from {change.FromSha256} --to {change.ToSha256}");
        return PageResult.Of<HeldVersionPage>(model, errors.Count > 0 || problem is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    public async Task<IResult> DecideAsync(Viewer reader, Guid id, VersionAction action, string change, TypedWord typed, CancellationToken cancellationToken)
    {
        var approval = typed.Approval.Trim();
        if (approval.Length > 0 && !ApprovalText.IsEnvelope(approval))
            return await ShowAsync(reader, id, typed, [new FieldError(HeldEndpoints.ApprovalField, "This is not what blocklist approve prints. Copy the whole of it, or leave the field empty.")], null, null, cancellationToken);
        return await decide.RunAsync(reader, id, change, action, typed.Reason, approval.Length == 0 ? null : approval, cancellationToken) switch
        {
            DecideHeldOutcome.Done => Results.Redirect($"/held/{id}?done={VersionStatement.Print(action)}"),
            DecideHeldOutcome.NoReason => await ShowAsync(reader, id, typed, [new FieldError(HeldEndpoints.ReasonField, "Write why, in at most 2000 characters: whoever reviews this has nothing else to go by.")], null, null, cancellationToken),
            DecideHeldOutcome.Refused refused => await ShowAsync(reader, id, typed, [], refused.Because, null, cancellationToken),
            var other => throw new InvalidOperationException(other.ToString()),
        };
    }
}
