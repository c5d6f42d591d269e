using System.Text;
using BlockList.Agent.Content;
using BlockList.Agent.Enforcing;
using BlockList.Agent.State;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Names;

namespace BlockList.Agent.Tests.Enforcing;

/// <summary>Versions of one list and an agent that decides about them, without files: what it remembers goes through its JSON form
/// each time, as it would through the disk.</summary>
internal sealed class VersionChain
{
    private static readonly DateTimeOffset Published = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    private readonly List<(ListVersion Version, ListFile List)> versions = [];
    private readonly List<Step> steps = [];
    private string? remembered;

    /// <summary>Names that the provider never blocks.</summary>
    public List<string> NeverBlock { get; } = [];

    public bool LeaseIsOver { get; set; }

    public bool WindowIsOpen { get; set; } = true;

    public ListFile Signed => versions[^1].List;

    public EnforcingState State => EnforcingState.Parse(CanonicalJson.Parse(Encoding.UTF8.GetBytes(remembered!)));

    public static IEnumerable<string> Names(int from, int count) => Enumerable.Range(from, count).Select(i => $"name-{i:D5}.example");

    /// <summary>Publishes the next version, or one with another number.</summary>
    public VersionChain Publish(IEnumerable<string> lines, int? number = null, bool urgent = false, bool approved = false)
    {
        var list = ListFile.OfLines(lines);
        var version = new ListVersion(
            Serial.Create(number ?? (versions.Count == 0 ? 1 : versions[^1].Version.Version.Value + 1)),
            Hashes.Sha256(list.ToBytes()), list.Count, Published, Published, LeaseMonths: 3);
        if (versions.Count > 0)
            steps.Add(new Step(versions[^1].Version.Point, version.Point, urgent, approved, list.Except(Signed), Signed.Except(list)));
        versions.Add((version, list));
        return this;
    }

    /// <summary>Forgets the deltas between the version decided about last and the newest: only the two lists are left to compare.</summary>
    public VersionChain WithoutDeltas()
    {
        var net = Step.Over([.. Pending()]);
        steps.RemoveRange(steps.Count - Pending().Count(), Pending().Count());
        steps.Add(net);
        return this;
    }

    public Enforcement Apply(int? accept = null)
    {
        var decision = Decision.Of(new EnforcementFacts(
            new HeldList(versions[^1].Version, Signed.ToBytes()), remembered is null ? null : State, [.. Pending()], BackTo(),
            [.. NeverBlock.Select(n => DomainName.TryParse(n, out var name, out _) ? name : throw new ArgumentException(n))],
            LeaseIsOver, accept is { } number ? Serial.Create(number) : null, WindowIsOpen));
        remembered = StateJson.Text(decision.State.ToJson());
        return decision.Enforcement;
    }

    public Enforcement RollBack(int to)
    {
        var target = versions.Last(v => v.Version.Version.Value == to).Version;
        remembered = StateJson.Text((State with { RolledBack = new RolledBack(target, State.At.Point) }).ToJson());
        return Apply();
    }

    private IEnumerable<Step> Pending() => remembered is null ? [] : steps.Skip(steps.FindLastIndex(s => s.To == State.At.Point) + 1);

    private Step? BackTo() => remembered is not null && State.RolledBack is { } back
        ? Step.Over([.. steps.SkipWhile(s => s.From != back.To.Point).TakeWhile(s => s.From != back.From)])
        : null;
}
