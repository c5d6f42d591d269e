using System.ComponentModel.DataAnnotations;

namespace BlockList.Server.Access;

/// <summary>Section <c>Access</c>: how long a sign-in and an invitation last, and how often either may be tried.</summary>
internal sealed class SignInOptions
{
    public const string Section = "Access";

    /// <summary>Minutes without a request after which a session ends.</summary>
    [Range(5, 480, ErrorMessage = "[Access] IdleMinutes must be from 5 to 480.")]
    public int IdleMinutes { get; set; } = 60;

    /// <summary>Minutes after which a session ends whatever happens.</summary>
    [Range(15, 1440, ErrorMessage = "[Access] LongestMinutes must be from 15 to 1440.")]
    public int LongestMinutes { get; set; } = 600;

    /// <summary>Hours in which an invitation must be used.</summary>
    [Range(1, 168, ErrorMessage = "[Access] InvitationHours must be from 1 to 168.")]
    public int InvitationHours { get; set; } = 72;

    /// <summary>Requests a minute from one network to signing in and to invitations; a sign-in takes two. An agency often has one address for all its people.</summary>
    [Range(4, 100_000, ErrorMessage = "[Access] AttemptsPerMinute must be from 4 to 100000.")]
    public int AttemptsPerMinute { get; set; } = 60;

    /// <summary>The same from everywhere together, for each process of the role.</summary>
    [Range(4, 1_000_000, ErrorMessage = "[Access] AllAttemptsPerMinute must be from 4 to 1000000.")]
    public int AllAttemptsPerMinute { get; set; } = 600;

    /// <summary>Header in which a proxy on this machine names the visitor's address, <c>X-Forwarded-For</c>; unset where there is no proxy.</summary>
    public string? AddressHeader { get; set; }
}
