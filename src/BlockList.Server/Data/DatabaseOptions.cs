using System.ComponentModel.DataAnnotations;

namespace BlockList.Server.Data;

/// <summary>Section <c>Database</c>.</summary>
internal sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>Npgsql connection string of this role's own login. Keep the password in a <c>Passfile</c>.</summary>
    [Required(ErrorMessage = "Set [Database] ConnectionString to the login of this role, for example Host=/run/postgresql;Database=blocklist;Username=blocklist_publisher;Passfile=/etc/blocklist/pgpass")]
    public string ConnectionString { get; set; } = "";
}
