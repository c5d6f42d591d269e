using System.ComponentModel.DataAnnotations;

namespace BlockList.Server.Access;

/// <summary>Section <c>Access</c>: how long a sign-in lasts.</summary>
internal sealed class SignInOptions
{
    public const string Section = "Access";

    /// <summary>Minutes without a request after which a session ends.</summary>
    [Range(5, 480, ErrorMessage = "[Access] IdleMinutes must be from 5 to 480.")]
    public int IdleMinutes { get; set; } = 60;

    /// <summary>Minutes after which a session ends whatever happens.</summary>
    [Range(15, 1440, ErrorMessage = "[Access] LongestMinutes must be from 15 to 1440.")]
    public int LongestMinutes { get; set; } = 600;
}
