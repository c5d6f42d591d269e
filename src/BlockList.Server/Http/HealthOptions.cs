using System.ComponentModel.DataAnnotations;

namespace BlockList.Server.Http;

/// <summary>Section <c>Health</c>.</summary>
internal sealed class HealthOptions
{
    public const string Section = "Health";

    /// <summary>Port on the loopback address where <c>GET /health</c> answers; 0 takes any free one. Each role has its own
    /// usual one: 8081 publisher, 8082 worker, 8083 checker, 8086 verifier, 8087 issuer.</summary>
    [Range(0, 65535, ErrorMessage = "[Health] Port must be from 0 to 65535.")]
    public int Port { get; set; }
}
