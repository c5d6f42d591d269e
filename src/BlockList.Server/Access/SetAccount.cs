using System.Text.Json.Nodes;
using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <param name="Zone">IANA id.</param>
/// <param name="Theme"><c>system</c>, <c>light</c> or <c>dark</c>.</param>
/// <param name="KeysAreOn">False: no key does anything.</param>
/// <param name="BreaksAreOn">Whether the reminder to take a break comes.</param>
/// <param name="Keys">Key of each action; empty switches that one off.</param>
internal sealed record SetAccountRequest(string Zone, string Theme, bool KeysAreOn, bool BreaksAreOn, IReadOnlyDictionary<string, string> Keys);

/// <summary>How one's own pages look, tell time and listen to keys.</summary>
internal sealed class SetAccount(IDbContextFactory<BlockListDb> contexts)
{
    public static readonly string[] Themes = ["system", "light", "dark"];

    /// <returns>What is wrong with it; empty where it was stored.</returns>
    public async Task<IReadOnlyList<FieldError>> RunAsync(SetAccountRequest request, Viewer viewer, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        if (!IsZone(request.Zone)) errors.Add(new FieldError("zone", $"There is no time zone “{request.Zone}”. Write it as Europe/Oslo, or UTC."));
        if (!Themes.Contains(request.Theme)) errors.Add(new FieldError("theme", "Choose light, dark, or what your device says."));
        errors.AddRange(KeyMap.ProblemsOf(request.Keys));
        if (errors.Count > 0) return errors;

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var keys = KeyMap.ToJson(request.Keys, request.KeysAreOn, request.BreaksAreOn);
        await db.People.Where(p => p.Id == viewer.Person)
            .ExecuteUpdateAsync(change => change.SetProperty(p => p.Zone, request.Zone).SetProperty(p => p.Theme, request.Theme).SetProperty(p => p.Keys, keys), cancellationToken);
        await db.CommitAsync(transaction, viewer.Person, "account.set", viewer.Person, new JsonObject { ["zone"] = request.Zone, ["theme"] = request.Theme }, cancellationToken);
        return [];
    }

    /// <summary>IANA ids alone: they mean the same on every machine.</summary>
    public static bool IsZone(string id) => id == "UTC" || (id.Contains('/', StringComparison.Ordinal) && id.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId);
}
