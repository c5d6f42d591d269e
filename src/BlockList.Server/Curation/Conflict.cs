namespace BlockList.Server.Curation;

/// <summary>A person declared that they cannot judge an entry; the database refuses their votes on it.</summary>
internal sealed class Conflict
{
    public required string Person { get; init; }

    public required Guid SubjectId { get; init; }

    public DateTimeOffset DeclaredAt { get; init; }
}
