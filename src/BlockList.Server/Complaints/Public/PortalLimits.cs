using Microsoft.Extensions.Options;

namespace BlockList.Server.Complaints.Public;

/// <summary>What one network may send, and all together, for each process of the role.</summary>
internal sealed class PortalLimits(IOptions<PortalOptions> options, TimeProvider clock)
{
    /// <summary>Forms of any kind.</summary>
    public NetworkLimit Posts { get; } = new(options.Value.PostsPerMinute, TimeSpan.FromMinutes(1), clock);

    /// <summary>Requests of agents that enrol, and their questions what became of them.</summary>
    public NetworkLimit Enrolments { get; } = new(options.Value.EnrolmentsPerHour, TimeSpan.FromHours(1), clock);

    public NetworkLimit Complaints { get; } = new(options.Value.ComplaintsPerHour, TimeSpan.FromHours(1), clock);

    /// <summary>Mails with a link to confirm, of all networks as one: many networks that each send few would make this site write to
    /// strangers without end.</summary>
    public NetworkLimit Links { get; } = new(options.Value.LinksPerMinute, TimeSpan.FromMinutes(1), clock);
}
