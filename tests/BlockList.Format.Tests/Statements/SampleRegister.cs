using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlockList.Format.Signatures;
using BlockList.Format.Statements;
using BlockList.Format.Tests.Fixtures;

namespace BlockList.Format.Tests.Statements;

/// <summary>A small register with two agencies, two credentials and two lists, and its three root holders.</summary>
internal sealed class SampleRegister
{
    internal SigningKey[] Holders { get; } = [new(), new(), new()];

    internal RoleKeys Roots => new([.. Holders.Select(h => h.Id)], 2);

    internal Dictionary<string, VerificationKey> Keys => Holders.ToDictionary(h => h.Id, h => h.Public, StringComparer.Ordinal);

    internal AgencyRegister Register { get; } = new()
    {
        Version = 4,
        Deployment = "test-deployment",
        Issued = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
        RelyingParty = new("sign.operator.example", "https://sign.operator.example"),
        Agencies = ById([new RegisteredAgency("no-kripos", "Kripos", "NO"), new RegisteredAgency("se-noa", "NOA", "SE")], a => a.Id),
        Credentials = ById([Credential("no-kripos"), Credential("se-noa")], c => c.Id),
        Lists = ById([
            new RegisteredList
            {
                Id = "worst-of", AgenciesNeeded = 2, CountriesNeeded = 2, LeaseMonths = 3,
                Criteria = [new AcceptedCriteria(1, new string('a', 64), ["c1", "c2", "c3"])],
            },
            new RegisteredList { Id = "enforcement-test", TestDomain = SampleStatement.Listed("test.operator.example").Name }], l => l.Id),
    };

    internal AgencyRegister Open(JsonObject signed, int signatures = 2) => AgencyRegister.Open(SignedRepository.Sign(signed, Holders.Take(signatures)), Roots, Keys);

    private static RegisteredCredential Credential(string agency)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new RegisteredCredential(agency + "-1", agency, key.ExportSubjectPublicKeyInfo(), [RegisteredCredential.Curator]);
    }

    private static Dictionary<string, T> ById<T>(T[] items, Func<T, string> id) => items.ToDictionary(id, StringComparer.Ordinal);
}
