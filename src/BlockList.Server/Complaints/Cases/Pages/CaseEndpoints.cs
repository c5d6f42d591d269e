using System.Globalization;
using System.Text.Json.Nodes;
using BlockList.Server.Access;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Http.Pages;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Complaints.Cases.Pages;

/// <summary>The work on complaints: the queue, a case, the operator's calendar.</summary>
internal static class CaseEndpoints
{
    public const string DayField = "day";
    public const string NameField = "name";
    public const string ZoneField = "zone";

    private const string Holidays = "/cases/holidays";
    private static readonly string[] Steps = ["triage", "decide", "resume", "question", "letter", "note", "hand-over"];

    public static void MapCases(this IEndpointRouteBuilder routes)
    {
        var officers = routes.MapGroup("/cases").ForPeople(RoleNames.ComplaintsOfficer, RoleNames.Oversight);
        officers.MapGet("", ShowAllAsync);
        officers.MapGet("/{reference}", ShowAsync);
        foreach (var step in Steps)
        {
            officers.MapPost($"/{{reference}}/{step}", async (HttpContext context, string reference, PageContext page, CaseScreen screen, CancellationToken cancellationToken) =>
                await screen.ActAsync(page.Reader, reference, step, await ReadAsync(context, cancellationToken), cancellationToken)).ShownAt("/cases/{reference}");
        }
        var keepers = routes.MapGroup(Holidays).ForPeople(RoleNames.ComplaintsOfficer, RoleNames.Oversight, RoleNames.OperatorAdministrator);
        keepers.MapGet("", ShowCalendarAsync);
        keepers.MapPost("/set", SetAsync).ShownAt(Holidays);
        keepers.MapPost("/drop", DropAsync).ShownAt(Holidays);
        keepers.MapPost("/zone", SetZoneAsync).ShownAt(Holidays);
    }

    private static async Task<IResult> ShowAllAsync(string? tab, string? after, PageContext page, ReadCases cases, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var shown = ReadCases.Tabs.Any(t => t.Id == tab) ? tab! : page.Reader.Is(RoleNames.ComplaintsOfficer) ? "listed" : "oversight";
        var (rows, next) = await cases.RunAsync(shown, after, cancellationToken);
        // It says of each domain whether it is listed.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, page.Reader.Person, "cases.read", shown, new JsonObject { ["cases"] = rows.Count }, cancellationToken);
        return PageResult.Of<CasesPage>(new CasesModel(shown, rows, after is null, next, clock.GetUtcNow()));
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string reference, string? done, PageContext page, KeptForms kept, CaseScreen screen, CancellationToken cancellationToken)
    {
        var values = new FormValues(await kept.FindAsync(context, page.Reader, cancellationToken));
        return await screen.ShowAsync(page.Reader, reference, values, values.Find(CaseScreen.StepField), [], null, DoneOf(done), cancellationToken);
    }

    private static async Task<IResult> ShowCalendarAsync(HttpContext context, string? done, PageContext page, KeptForms kept, KeepCalendar calendar, CancellationToken cancellationToken) =>
        await RenderAsync(calendar, new FormValues(await kept.FindAsync(context, page.Reader, cancellationToken)), [], done switch
        {
            "set" => "The day is a holiday. Clocks that run are counted anew.",
            "dropped" => "The day is no holiday any more. Clocks that run are counted anew.",
            "zone" => "Working days begin and end in this time zone. Clocks that run are counted anew.",
            _ => null,
        }, cancellationToken);

    private static async Task<IResult> SetAsync(HttpContext context, PageContext page, KeepCalendar calendar, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(context, cancellationToken);
        var errors = new List<FieldError>();
        var name = values[NameField].Trim();
        if (!DateOnly.TryParseExact(values[DayField].Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) errors.Add(new FieldError(DayField, "Write the day, such as 2026-12-25."));
        if (name.Length is 0 or > 80) errors.Add(new FieldError(NameField, "Write what the day is called, in at most 80 characters."));
        if (errors.Count == 0 && await calendar.SetAsync(page.Reader, day, name, cancellationToken) is { } problem) errors.Add(new FieldError(DayField, problem));
        return errors.Count == 0 ? Results.Redirect($"{Holidays}?done=set") : await RenderAsync(calendar, values, errors, null, cancellationToken);
    }

    private static async Task<IResult> DropAsync(HttpContext context, PageContext page, KeepCalendar calendar, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(context, cancellationToken);
        var problem = DateOnly.TryParseExact(values[DayField], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? await calendar.DropAsync(page.Reader, day, cancellationToken) : "There is no such day.";
        return problem is null ? Results.Redirect($"{Holidays}?done=dropped") : await RenderAsync(calendar, FormValues.Empty, [new FieldError(DayField, problem)], null, cancellationToken);
    }

    private static async Task<IResult> SetZoneAsync(HttpContext context, PageContext page, KeepCalendar calendar, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(context, cancellationToken);
        return await calendar.SetZoneAsync(page.Reader, values[ZoneField].Trim(), cancellationToken) is { } problem
            ? await RenderAsync(calendar, values, [new FieldError(ZoneField, problem)], null, cancellationToken) : Results.Redirect($"{Holidays}?done=zone");
    }

    private static async Task<IResult> RenderAsync(KeepCalendar calendar, FormValues values, List<FieldError> errors, string? done, CancellationToken cancellationToken) =>
        PageResult.Of<HolidaysPage>(new HolidaysModel(await calendar.ReadAsync(cancellationToken), values, errors, done), errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

    private static async Task<FormValues> ReadAsync(HttpContext context, CancellationToken cancellationToken) => new(KeptForms.FieldsOf(await context.Request.ReadFormAsync(cancellationToken)));

    private static string? DoneOf(string? step) => step switch
    {
        "triage" => "It is written down. What was suspended leaves the list with an urgent version, within seconds.",
        "decide" => "It is decided. What was freed leaves the list with an urgent version, within seconds. Whoever proved control reads the reasons now.",
        "resume" => "The suspension is over. The entries come back with the next version, if their votes still stand.",
        "question" => "The question stands on their status page.",
        "letter" => "Control is proven. They now see on their status page what is known of the domain.",
        "note" => "The note is kept, for officers alone.",
        "hand-over" => "Oversight finds the case in its queue.",
        _ => null,
    };
}
