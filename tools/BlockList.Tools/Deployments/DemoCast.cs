using System.Security.Cryptography;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Tools.Development;

namespace BlockList.Tools.Deployments;

/// <summary>Demo agencies of several countries and their people. Anna and Bram make listings; Cora makes the second
/// agency of one country, Dirk the second person of one agency; Olav and Pieter remove, override and guard;
/// Lena owns the lists; Carlo decides complaints and Otto appeals, in no agency.</summary>
internal sealed class DemoCast
{
    public static readonly RegisteredAgency[] Agencies =
    [
        new("no-police", "National Police (demo, NO)", "NO"),
        new("no-hotline", "Hotline (demo, NO)", "NO"),
        new("nl-hotline", "Hotline (demo, NL)", "NL"),
        new("fr-police", "National Police (demo, FR)", "FR"),
    ];

    private static readonly (string Id, string? Agency, string Role)[] People =
    [
        ("anna", "no-police", RegisteredCredential.Curator),
        ("dirk", "no-police", RegisteredCredential.Curator),
        ("olav", "no-police", RegisteredCredential.ReleaseOfficer),
        ("cora", "no-hotline", RegisteredCredential.Curator),
        ("bram", "nl-hotline", RegisteredCredential.Curator),
        ("pieter", "nl-hotline", RegisteredCredential.ReleaseOfficer),
        ("elise", "fr-police", RegisteredCredential.Curator),
        ("lena", "no-police", RegisteredCredential.ListOwner),
        ("carlo", null, RegisteredCredential.ComplaintsOfficer),
        ("otto", null, RegisteredCredential.Oversight),
    ];

    private readonly Dictionary<string, DemoPerson> people;

    /// <summary>People who decide nothing that is published, and so stand in no register: the operator adds them.</summary>
    public static readonly (string Id, string Name, string? Agency, string[] Roles)[] Others =
    [
        ("astrid", "Astrid", "no-police", [RoleNames.AgencyAdministrator]),
        ("hanne", "Hanne", "no-hotline", [RoleNames.AgencyAdministrator]),
        ("joost", "Joost", "nl-hotline", [RoleNames.AgencyAdministrator]),
        ("fabien", "Fabien", "fr-police", [RoleNames.AgencyAdministrator]),
        ("petra", "Petra", null, [RoleNames.ProviderManager]),
        ("vera", "Vera", null, [RoleNames.Auditor]),
        ("oscar", "Oscar", null, [RoleNames.OperatorAdministrator]),
        ("ines", "Ines", null, [RoleNames.OperatorAdministrator]),
    ];

    private DemoCast(Dictionary<string, DemoPerson> people) => this.people = people;

    public DemoPerson this[string id] => people[id];

    public IEnumerable<DemoPerson> All => people.Values;

    /// <summary>For <c>blocklist person add --file</c>: one process for all of them.</summary>
    public static string OthersAsCsv() =>
        string.Join('\n', Others.Select(p => $"{p.Id},{p.Name},{p.Agency},{string.Join(' ', p.Roles)}").Prepend("id,name,agency,roles")) + "\n";

    /// <summary>Makes passkeys that do not exist yet.</summary>
    public static DemoCast Prepare(StateDirectory state)
    {
        var folder = state.Directory("passkeys");
        return new DemoCast(People.ToDictionary(p => p.Id, p =>
        {
            var file = Path.Combine(folder, p.Id + ".pem");
            if (!File.Exists(file))
            {
                using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                state.Write(file, key.ExportPkcs8PrivateKeyPem() + "\n", secret: true);
            }
            return new DemoPerson(p.Id, p.Agency, p.Role, file);
        }, StringComparer.Ordinal));
    }
}
