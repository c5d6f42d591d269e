using System.Text;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Publishing.Ledger;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What may leave a list although the ledger does not hold: what one person's own signature takes off it.</summary>
public sealed class BrokenLedgerTests
{
    private static readonly DateTimeOffset Derived = new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);
    private static readonly RegisteredCredential Olav = CredentialOf("olav", "no-police", RegisteredCredential.ReleaseOfficer);
    private static readonly RegisteredCredential Dirk = CredentialOf("dirk", "no-police", RegisteredCredential.Curator, RegisteredCredential.ReleaseOfficer);
    private static readonly RegisteredCredential Bram = CredentialOf("bram", "nl-hotline", RegisteredCredential.Curator);
    private static readonly RegisteredCredential Carlo = CredentialOf("carlo", null, RegisteredCredential.ComplaintsOfficer);
    private static readonly RegisteredCredential Otto = CredentialOf("otto", null, RegisteredCredential.Oversight);
    private static readonly RegisteredCredential Nils = CredentialOf("nils", "nl-hotline", RegisteredCredential.ComplaintsOfficer);
    private static readonly ListFile Published = ListFile.OfLines(["bad.example", "=host.example", "worse.example"]);
    private static readonly Guid Episode = new("019aa3b2-0000-7000-8000-000000000001");

    private static readonly AgencyRegister Register = new()
    {
        Version = 1,
        Deployment = "test",
        Issued = DateTimeOffset.UnixEpoch,
        RelyingParty = new RelyingParty("localhost", "https://localhost"),
        Agencies = new Dictionary<string, RegisteredAgency>(StringComparer.Ordinal) { ["no-police"] = new("no-police", "P", "NO"), ["nl-hotline"] = new("nl-hotline", "H", "NL") },
        Credentials = new[] { Olav, Dirk, Bram, Carlo, Otto, Nils }.ToDictionary(c => c.Id, StringComparer.Ordinal),
        Lists = new Dictionary<string, RegisteredList>(StringComparer.Ordinal) { ["worst-of"] = new() { Id = "worst-of", AgenciesNeeded = 2, CountriesNeeded = 2, LeaseMonths = 3 } },
    };

    [Fact]
    public void Removal_that_was_decided_after_the_version_goes_out()
    {
        Assert.Equal(["bad.example"], GoesOut(Removal("bad.example", Olav)));
        // The oldest first, and each entry once.
        Assert.Equal(["=host.example", "bad.example"], GoesOut(Removal("bad.example", Olav), Removal("=host.example", Dirk) with { DecidedAt = Derived.AddMinutes(1) }, Removal("bad.example", Dirk)));
    }

    [Fact]
    public void List_of_test_names_takes_no_removal()
    {
        _ = Format.Names.DomainName.TryParseCanonical("test.example", out var domain);
        Assert.Empty(BrokenLedger.RemovalsThatMayGoOut(Published, Facts(), [Removal("bad.example", Olav)], Register.Lists["worst-of"] with { TestDomain = domain }, Register));
    }

    [Fact]
    public void Nothing_else_does()
    {
        Assert.Empty(GoesOut());
        // Of an earlier life of the name, for all that is known.
        Assert.Empty(GoesOut(Removal("bad.example", Olav) with { DecidedAt = Derived.AddDays(-1) }));
        Assert.Empty(GoesOut(Removal("bad.example", Bram)));
        Assert.Empty(GoesOut(Removal("bad.example", Olav) with { Deployment = "other" }));
        Assert.Empty(GoesOut(Removal("bad.example", Olav) with { List = "no-national" }));
        Assert.Empty(GoesOut(Removal("bad.example", Olav) with { Person = "dirk" }));
        Assert.Empty(GoesOut(Removal("bad.example", Olav) with { Credential = new string('0', 64) }));
        Assert.Empty(GoesOut(Removal("unlisted.example", Olav), Removal("=bad.example", Olav), Removal("host.example", Olav)));
        // A withdrawal takes an entry off only by the votes that are left, and a vote may be what is missing.
        Assert.Empty(GoesOut(Removal("bad.example", Bram) with { Kind = DecisionKind.Withdrawal, Supersedes = Episode }));
    }

    [Fact]
    public void Nobody_removes_what_they_are_known_to_have_assessed()
    {
        var vote = Removal("bad.example", Dirk) with { Id = new Guid("019aa3b2-0000-7000-8000-000000000003"), Kind = DecisionKind.Assessment };
        Assert.Empty(GoesOut(vote, Removal("bad.example", Dirk)));
        Assert.Equal(["bad.example"], GoesOut(vote, Removal("bad.example", Olav)));
    }

    [Fact]
    public void Suspensions_and_upheld_complaints_go_out_before_removals_by_whoever_had_no_part()
    {
        var suspension = Removal("=host.example", Carlo) with { Kind = DecisionKind.Suspension, Case = "BL-1", DecidedAt = Derived.AddHours(2) };
        var upheld = Removal("worse.example", Otto) with { Kind = DecisionKind.ComplaintOutcome, Case = "BL-1", Outcome = ComplaintOutcome.Upheld, DecidedAt = Derived.AddHours(3) };
        Assert.Equal(["=host.example", "worse.example", "bad.example"], GoesOut(Removal("bad.example", Olav), suspension, upheld));
        Assert.Empty(GoesOut(upheld with { Outcome = ComplaintOutcome.Rejected }));
        Assert.Empty(GoesOut(suspension with { Kind = DecisionKind.SuspensionEnd }));
        Assert.Empty(GoesOut(suspension with { Credential = Olav.Id, Person = "olav", Agency = "no-police" }));
        Assert.Empty(GoesOut(Removal("bad.example", Carlo)));
    }

    [Fact]
    public void Suspension_stays_in_force_until_somebody_ends_it_whose_role_that_is()
    {
        var suspension = Removal("bad.example", Carlo) with { Kind = DecisionKind.Suspension, Case = "BL-1", DecidedAt = Derived.AddHours(2) };
        var end = Removal("bad.example", Otto) with { Kind = DecisionKind.SuspensionEnd, Case = "BL-1", DecidedAt = Derived.AddHours(2) };
        var rejected = end with { Kind = DecisionKind.ComplaintOutcome, Outcome = ComplaintOutcome.Rejected };
        Assert.Empty(GoesOut(suspension, end));
        Assert.Empty(GoesOut(suspension, rejected));
        Assert.Equal(["bad.example"], GoesOut(suspension, end with { DecidedAt = Derived.AddHours(1) }));
        Assert.Equal(["bad.example"], GoesOut(suspension, end with { Case = "BL-2" }));
        Assert.Equal(["bad.example"], GoesOut(suspension, end with { Episode = new Guid("019aa3b2-0000-7000-8000-000000000009") }));
        Assert.Equal(["bad.example"], GoesOut(suspension, end with { Credential = Olav.Id, Person = "olav" }));
        Assert.Equal(["bad.example"], GoesOut(suspension, rejected with { Outcome = ComplaintOutcome.Upheld }));
    }

    [Theory]
    [InlineData(DecisionKind.Sighting, "pia", "nl-hotline")]
    [InlineData(DecisionKind.Assessment, "bram", "nl-hotline")]
    [InlineData(DecisionKind.Override, "nils", "no-police")]
    public void Nobody_who_is_known_to_have_had_a_part_takes_an_entry_off_by_a_complaint(DecisionKind kind, string person, string agency)
    {
        var suspension = Removal("bad.example", Nils) with { Kind = DecisionKind.Suspension, Case = "BL-1" };
        var part = Removal("bad.example", Bram) with { Id = new Guid("019aa3b2-0000-7000-8000-000000000003"), Kind = kind, Person = person, Agency = agency };
        Assert.Equal(["bad.example"], GoesOut(suspension));
        Assert.Empty(GoesOut(suspension, part));
    }

    [Fact]
    public void Appeal_goes_out_by_oversight_and_not_by_who_decided_before()
    {
        var rejected = Removal("bad.example", Carlo) with { Id = new Guid("019aa3b2-0000-7000-8000-000000000003"), Kind = DecisionKind.ComplaintOutcome, Case = "BL-1", Outcome = ComplaintOutcome.Rejected };
        var appeal = Removal("bad.example", Otto) with { Kind = DecisionKind.ComplaintOutcome, Case = "BL-1", Outcome = ComplaintOutcome.Upheld, Supersedes = rejected.Id };
        Assert.Equal(["bad.example"], GoesOut(rejected, appeal));
        Assert.Empty(GoesOut(rejected with { Person = "otto", Credential = Otto.Id }, appeal));
        Assert.Empty(GoesOut(rejected with { Person = "otto", Credential = Otto.Id }, appeal with { Person = "carlo", Credential = Carlo.Id }));
    }

    [Fact]
    public void National_list_lets_out_what_its_own_country_removes()
    {
        var list = Register.Lists["worst-of"] with { Country = "NL", CountriesNeeded = 1 };
        Assert.Empty(BrokenLedger.RemovalsThatMayGoOut(Published, Facts(), [Removal("bad.example", Olav)], list, Register));
    }

    private static IReadOnlyList<string> GoesOut(params DecisionStatement[] decisions) =>
        [.. BrokenLedger.RemovalsThatMayGoOut(Published, Facts(), decisions, Register.Lists["worst-of"], Register).Select(removal => removal.Name.ToString())];

    private static DecisionStatement Removal(string line, RegisteredCredential credential) => new()
    {
        Deployment = "test",
        Id = new Guid("019aa3b2-0000-7000-8000-000000000002"),
        Kind = DecisionKind.Removal,
        List = "worst-of",
        Name = Format.Names.ListedName.TryParse(line, out var name) ? name : throw new ArgumentException(line),
        Episode = Episode,
        Agency = credential.Agency,
        Person = credential.Person,
        Credential = credential.Id,
        Sequence = 1,
        Previous = null,
        DecidedAt = Derived.AddHours(1),
    };

    private static ListFacts Facts() => new()
    {
        Deployment = "test",
        List = "worst-of",
        Version = Serial.First,
        Count = Published.Count,
        PreviousSha256 = null,
        PublishedAt = Derived,
        EvaluatedAt = Derived,
        LeaseMonths = 3,
        Added = Published.Count,
        Removed = 0,
        Urgent = false,
        CriteriaVersion = 1,
        Salt = new string('a', 64),
    };

    private static RegisteredCredential CredentialOf(string person, string? agency, params string[] roles) => new(person, agency, Encoding.UTF8.GetBytes(person), roles);
}
