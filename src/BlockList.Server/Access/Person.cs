namespace BlockList.Server.Access;

/// <summary>Someone who signs in. A role here opens pages; a decision needs the role of the signed register beside it.</summary>
internal sealed class Person
{
    public required string Id { get; init; }

    /// <summary>Null for people of the operator.</summary>
    public string? Agency { get; init; }

    public required string Name { get; set; }

    /// <summary>Of <see cref="RoleNames"/>.</summary>
    public string[] Roles { get; set; } = [];

    /// <summary>IANA id of the time zone in which this person reads times, beside UTC.</summary>
    public string Zone { get; set; } = "UTC";

    /// <summary><c>system</c>, <c>light</c> or <c>dark</c>.</summary>
    public string Theme { get; set; } = "system";

    /// <summary>JSON object: the key of each action that this person changed.</summary>
    public string Keys { get; set; } = "{}";

    /// <summary>What authenticators know the person by.</summary>
    public Guid Handle { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LeftAt { get; set; }
}
