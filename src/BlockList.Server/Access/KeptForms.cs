using System.Text.Encodings.Web;
using System.Text.Json;
using BlockList.Server.Http.Pages;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Access;

/// <summary>What people typed into forms that could not be taken, until they look at the form again. Nothing of it was carried out.</summary>
internal sealed class KeptForms(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Query parameter of the page that shows a form with what was kept.</summary>
    public const string Parameter = "kept";

    /// <summary>Of fields that travel through the sign-in page.</summary>
    public const string Prefix = "kept.";

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    /// <summary>Text of all scripts as it is: escaped, a long form would grow sixfold.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The fields as they were typed. Files are not kept.</summary>
    public static IReadOnlyDictionary<string, string> FieldsOf(IFormCollection form) =>
        form.Where(field => field.Key != FormTokens.Field).ToDictionary(field => Printable(field.Key), field => Printable(field.Value.ToString()), StringComparer.Ordinal);

    /// <summary>Those that travelled through the sign-in page.</summary>
    public static IReadOnlyDictionary<string, string> TravelledIn(IFormCollection form) =>
        form.Where(field => field.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(field => Printable(field.Key[Prefix.Length..]), field => Printable(field.Value.ToString()), StringComparer.Ordinal);

    /// <summary>PostgreSQL stores every character but this one.</summary>
    private static string Printable(string value) => value.Replace('\0', '\uFFFD');

    /// <summary>Keeps them for the person and returns the address of the form with them.</summary>
    public async Task<string> KeepAsync(string person, string path, IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using var command = database.CreateCommand("""
            with old as (delete from access.kept_form where kept_at < $5)
            insert into access.kept_form (id, person, path, fields, kept_at) values ($1, $2, $3, $4, $6)
            """);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(person);
        command.Parameters.AddWithValue(path);
        command.Parameters.Add(new NpgsqlParameter { Value = JsonSerializer.Serialize(fields, Json), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.AddWithValue(now - KeptFor);
        command.Parameters.AddWithValue(now);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return $"{path}?{Parameter}={id:N}";
    }

    /// <summary>What was kept for this page and this person, or nothing.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindAsync(HttpContext context, Viewer viewer, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(context.Request.Query[Parameter], "N", out var id)) return new Dictionary<string, string>();
        await using var command = database.CreateCommand("select fields::text from access.kept_form where id = $1 and person = $2 and path = $3 and kept_at >= $4");
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(viewer.Person);
        command.Parameters.AddWithValue(context.Request.Path.Value ?? "");
        command.Parameters.AddWithValue(clock.GetUtcNow() - KeptFor);
        return await command.ExecuteScalarAsync(cancellationToken) is string json ? JsonSerializer.Deserialize<Dictionary<string, string>>(json)! : new Dictionary<string, string>();
    }
}
