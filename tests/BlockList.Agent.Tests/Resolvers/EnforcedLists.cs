using System.Text;
using BlockList.Agent.Applying;
using BlockList.Agent.Configuration;
using BlockList.Agent.Resolvers;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Tests.Resolvers;

/// <summary>Takes versions of a list through the life that <see cref="ApplyVersion"/> gives them, without a server that publishes them.</summary>
internal sealed class EnforcedLists : IDisposable
{
    private readonly ResolverSettings resolver;
    private string? appliedSha256;

    public EnforcedLists(ResolverType type, string control, System.Net.IPEndPoint address)
    {
        resolver = new ResolverSettings("here", type, control.Split(' '), address, ResolverSettings.DefaultChannelAbove, TimeSpan.FromSeconds(2));
        var (one, other) = (Of("worst-of"), Of("other"));
        Settings = one with { Neighbours = [other] };
        Other = other with { Neighbours = [one] };
    }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("zones-").FullName;

    public ListSettings Settings { get; private set; }

    /// <summary>A second list at the same resolver.</summary>
    public ListSettings Other { get; private set; }

    public string ZoneText => File.ReadAllText(Settings.ZoneFile);

    public string LocalZonesText => File.ReadAllText(LocalZonesFile.PathOf(Settings.ZoneFile));

    /// <summary>The pieces of configuration as <c>config print</c> prints them.</summary>
    public string Snippet(SnippetPlace place) =>
        string.Concat(KnownResolvers.Snippet(resolver, [Settings, Other]).Where(p => p.Place == place).Select(p => p.Text));

    /// <summary>A name that the next versions removed and that is to be free; null for none.</summary>
    public string? Removed { get; set; }

    /// <summary>How the next versions are enforced.</summary>
    public void Change(PolicyAction? action = null, int? channelAbove = null)
    {
        Settings = Changed(Settings, action, channelAbove);
        Other = Changed(Other, action, channelAbove);
    }

    /// <summary>How the resolver is told of the next versions.</summary>
    public void ControlBy(IReadOnlyList<string> command) => Settings = Settings with { Resolver = Settings.Resolver with { Control = [.. command] } };

    /// <summary>Both files of both lists, so that a resolver can start that does not start without them.</summary>
    public async Task PlaceEmptyAsync()
    {
        foreach (var settings in (ListSettings[])[Settings, Other])
        {
            var empty = KnownResolvers.Of(settings);
            await empty.RenderAsync(ListFile.Empty, Serial.First, default);
            empty.Place();
        }
        appliedSha256 = KnownResolvers.Of(Settings).Sha256;
    }

    /// <summary>Puts a version in force and checks it, and demands that nothing speaks against it.</summary>
    public async Task<ResolverCheck> EnforceAsync(int version, params string[] lines)
    {
        var check = await TryAsync(version, lines);
        Assert.Null(check.NegativeProof);
        Assert.Equal("serial", check.Evidence);
        return check;
    }

    public async Task<ResolverCheck> TryAsync(int version, params string[] lines)
    {
        var (kept, check) = await RunAsync(Settings, version, lines);
        appliedSha256 = kept;
        return check;
    }

    public async Task EnforceOtherAsync(int version, params string[] lines) => Assert.Null((await RunAsync(Other, version, lines)).Check.NegativeProof);

    public async Task<ControlAnswer> PutBackAsync() => await KnownResolvers.Of(Settings).PutBackAsync(TestContext.Current.CancellationToken);

    public static ListFile List(params string[] lines) =>
        ListFile.Parse(Encoding.ASCII.GetBytes(string.Concat(lines.Order(StringComparer.Ordinal).Select(l => l + "\n"))));

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    private ListSettings Of(string id) => new(id, id, Path.Combine(Directory, id + ".rpz"), resolver, PolicyAction.NxDomain);

    private static ListSettings Changed(ListSettings settings, PolicyAction? action, int? channelAbove) => settings with
    {
        Action = action ?? settings.Action,
        Resolver = settings.Resolver with { ChannelAbove = channelAbove ?? settings.Resolver.ChannelAbove },
    };

    private async Task<(string? Sha256, ResolverCheck Check)> RunAsync(ListSettings settings, int version, string[] lines)
    {
        var ct = TestContext.Current.CancellationToken;
        var (list, serial) = (List(lines), Serial.Create(version));
        var enforcing = KnownResolvers.Of(settings);
        await enforcing.RenderAsync(list, serial, ct);
        var rendering = enforcing.ReadBack(list, serial);
        Assert.Equal(0, rendering.LeftOut);
        enforcing.KeepPrevious(settings == Settings ? appliedSha256 : null);
        var loaded = await enforcing.LoadAsync(ct);
        Assert.True(loaded.Succeeded, loaded.Text);
        Assert.Equal(rendering.Sha256, enforcing.Sha256);
        return (rendering.Sha256, await new CheckResolver(enforcing, settings).RunAsync(RpzZone.Enforceable(list), serial, settings == Settings ? Removed : null, ct));
    }
}
