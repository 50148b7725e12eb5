using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// Reads resource rollups with a plain SQL statement: every analysis reads the last minutes of every host, and EF Core overhead dominated that time. Other
/// reads use <see cref="EfResourceReader"/>.
/// </summary>
internal sealed class SqliteResourceReader(SqliteDatabase database) : IResourceReader
{
    private readonly EfResourceReader _rows = new(database, database.Names);

    public Task<IReadOnlyList<ResourceSample>> ReadLatestAsync(CancellationToken cancellationToken) => _rows.ReadLatestAsync(cancellationToken);

    public Task ReadSamplesAsync(string source, TimeRange range, Action<ResourceSample, TimeSpan> each, CancellationToken cancellationToken) =>
        _rows.ReadSamplesAsync(source, range, each, cancellationToken);

    public ValueTask ReadResourceRollupsAsync(
        string source, RollupResolution resolution, long from, long to, Action<long, ResourceRollup> each, CancellationToken cancellationToken) =>
        ReadResourceRollupsAsync([source], resolution, from, to, (_, bucket, rollup) => each(bucket, rollup), cancellationToken);

    public ValueTask ReadResourceRollupsAsync(
        IReadOnlyList<string> sources, RollupResolution resolution, long from, long to, Action<string, long, ResourceRollup> each, CancellationToken cancellationToken)
    {
        using var connection = database.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT bucket, data FROM resource_rollups WHERE resolution = $1 AND source_id = $2 AND bucket >= $3 AND bucket < $4 ORDER BY bucket";
        command.Parameters.AddWithValue("$1", (byte)resolution);
        var id = command.Parameters.AddWithValue("$2", 0);
        command.Parameters.AddWithValue("$3", from);
        command.Parameters.AddWithValue("$4", to);
        foreach (string source in sources)
        {
            if (database.Names.Sources.Find(source) is not { } number)
            {
                continue;
            }

            id.Value = number;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                each(source, reader.GetInt64(0), ResourceRollup.FromBytes(reader.GetFieldValue<byte[]>(1)));
            }
        }

        return ValueTask.CompletedTask;
    }
}
