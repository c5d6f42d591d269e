using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Distribution;

/// <summary>One answer as the read audit has it.</summary>
/// <param name="Certificate">SHA-256 of the certificate that asked.</param>
/// <param name="Provider">Whose it is; null where nobody enrolled it, and where the database finds it itself.</param>
/// <param name="List">The list that was asked for.</param>
/// <param name="Path">Below the list.</param>
/// <param name="Status">Of the answer.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Bytes">Of the body.</param>
internal sealed record DownloadRow(string Certificate, Guid? Provider, string? List, string Path, int Status, string? Refusal, long Bytes)
{
    /// <summary>The columns of some rows as parameters, each an array: certificates, lists, paths, states, refusals, bytes.</summary>
    public static void AddColumns(NpgsqlParameterCollection parameters, IReadOnlyList<DownloadRow> rows)
    {
        Add(parameters, NpgsqlDbType.Text, rows, row => row.Certificate);
        Add(parameters, NpgsqlDbType.Text, rows, row => row.List);
        Add(parameters, NpgsqlDbType.Text, rows, row => row.Path);
        Add(parameters, NpgsqlDbType.Integer, rows, row => row.Status);
        Add(parameters, NpgsqlDbType.Text, rows, row => row.Refusal);
        Add(parameters, NpgsqlDbType.Bigint, rows, row => row.Bytes);
    }

    public static void Add<T>(NpgsqlParameterCollection parameters, NpgsqlDbType type, IReadOnlyList<DownloadRow> rows, Func<DownloadRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(rows[i]);
        parameters.Add(new NpgsqlParameter<T[]> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
