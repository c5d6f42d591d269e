using BlockList.Server.Access;
using BlockList.Server.Curation;
using BlockList.Server.Http.Pages;
using Microsoft.Extensions.Primitives;
using Npgsql;

namespace BlockList.Server.Publishing.Pages;

/// <summary>When a list is published: everyone reads it, the list's owner changes it. Schedules are rows; nobody makes the publisher run.</summary>
internal static class ScheduleEndpoints
{
    private const int Runs = 5;

    public static void MapSchedules(this IEndpointRouteBuilder routes)
    {
        routes.MapGroup("/lists").ForPeople(RoleNames.All).MapGet("/{list}/schedule", ShowAsync);
        var owners = routes.MapGroup("/lists").ForPeople(RoleNames.ListOwner);
        owners.MapPost("/{list}/schedule", AddAsync).ShownAt("/lists/{list}/schedule");
        owners.MapPost("/{list}/schedule/preview", PreviewAsync).ShownAt("/lists/{list}/schedule");
        owners.MapPost("/{list}/schedule/{id:guid}/remove", RemoveAsync).ShownAt("/lists/{list}/schedule");
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string list, string? done, PageContext page, KeptForms kept, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var fields = await kept.FindAsync(context, page.Reader, cancellationToken);
        var typed = fields.Count == 0 ? TypedSchedule.Empty : TypedIn(name => fields.GetValueOrDefault(name, ""));
        return await RenderAsync(list, typed, false, [], done switch
        {
            "added" => "The list is published at that time too, from now on.",
            "removed" => "The list is published at that time no more.",
            _ => null,
        }, database, clock, cancellationToken);
    }

    private static async Task<IResult> PreviewAsync(HttpContext context, string list, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var typed = await TypedInAsync(context, cancellationToken);
        var errors = ErrorsOf(typed);
        return await RenderAsync(list, typed, errors.Count == 0, errors, null, database, clock, cancellationToken);
    }

    private static async Task<IResult> AddAsync(HttpContext context, string list, PageContext page, SetSchedule schedules, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var typed = await TypedInAsync(context, cancellationToken);
        var errors = ErrorsOf(typed);
        if (errors.Count > 0) return await RenderAsync(list, typed, false, errors, null, database, clock, cancellationToken);
        try
        {
            await schedules.AddAsync(list, typed.DayNumbers, typed.Time!.Value, typed.Zone, page.Reader.Person, cancellationToken);
            return Results.Redirect($"/lists/{Uri.EscapeDataString(list)}/schedule?done=added");
        }
        catch (CurationException problem)
        {
            return await RenderAsync(list, typed, false, [new FieldError(TypedSchedule.DayField, problem.Message)], null, database, clock, cancellationToken);
        }
    }

    private static async Task<IResult> RemoveAsync(string list, Guid id, PageContext page, SetSchedule schedules, CancellationToken cancellationToken)
    {
        try
        {
            await schedules.RemoveAsync(list, id, page.Reader.Person, cancellationToken);
        }
        catch (CurationException)
        {
            return NotFound();
        }
        return Results.Redirect($"/lists/{Uri.EscapeDataString(list)}/schedule?done=removed");
    }

    private static async Task<IResult> RenderAsync(string list, TypedSchedule typed, bool isPreview, List<FieldError> errors, string? done, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await ReadAsync(database, list, cancellationToken) is not { } rows) return NotFound();
        var now = clock.GetUtcNow();
        var preview = isPreview ? new PublishingSchedule(typed.DayNumbers, typed.Time!.Value, typed.Zone, now).NextSlots(now).Take(Runs).ToArray() : null;
        return PageResult.Of<SchedulePage>(new ScheduleModel(list, rows, [.. rows.SelectMany(r => r.Schedule.NextSlots(now).Take(Runs)).Distinct().Order().Take(Runs)], typed, preview, errors, done),
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    /// <returns>Null where there is no such list.</returns>
    private static async Task<List<(Guid Id, PublishingSchedule Schedule)>?> ReadAsync(NpgsqlDataSource database, string list, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select s.id, s.days, s.at, s.zone, s.active_from from criteria.list l left join publishing.schedule s on s.list = l.id where l.id = $1 order by s.at, s.id
            """);
        command.Parameters.AddWithValue(list);
        var rows = new List<(Guid, PublishingSchedule)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var isKnown = false;
        while (await reader.ReadAsync(cancellationToken))
        {
            isKnown = true;
            if (!reader.IsDBNull(0)) rows.Add((reader.GetGuid(0), new PublishingSchedule(reader.GetFieldValue<int[]>(1), reader.GetFieldValue<TimeOnly>(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4))));
        }
        return isKnown ? rows : null;
    }

    private static List<FieldError> ErrorsOf(TypedSchedule typed)
    {
        var errors = new List<FieldError>();
        if (typed.DayNumbers is not { Length: > 0 } days || days.Any(day => day is < 1 or > 7)) errors.Add(new FieldError(TypedSchedule.DayField, "Choose at least one day."));
        if (typed.Time is null) errors.Add(new FieldError(TypedSchedule.AtField, "Write a time of day, such as 06:00."));
        if (SetSchedule.ProblemOf([1], typed.Zone) is { } zone) errors.Add(new FieldError(TypedSchedule.ZoneField, zone));
        return errors;
    }

    private static async Task<TypedSchedule> TypedInAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        return TypedIn(name => form[name]);
    }

    private static TypedSchedule TypedIn(Func<string, StringValues> field) =>
        new([.. field(TypedSchedule.DayField).OfType<string>().SelectMany(days => days.Split(',', StringSplitOptions.RemoveEmptyEntries))], ((string?)field(TypedSchedule.AtField) ?? "").Trim(), ((string?)field(TypedSchedule.ZoneField) ?? "").Trim());

    private static PageResult NotFound() => PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound);
}
