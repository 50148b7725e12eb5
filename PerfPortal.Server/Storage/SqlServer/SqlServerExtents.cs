using Microsoft.Data.SqlClient;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Storage.Rollups;
using PerfPortal.Server.Storage.SizeLimit;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>The distribution of the data over time. Operations get what the other tables leave, in proportion to their number and details.</summary>
internal static class SqlServerExtents
{
    // What a row costs in addition to its data; an operation also has seven indexes.
    private const int RowBytes = 32;
    private const int OperationBytes = 300;

    // A scan of all operations may take long.
    private const int TimeoutSeconds = 600;

    /// <summary>Reads the distribution.</summary>
    public static async Task<IReadOnlyList<StoredExtent>> ReadAsync(SqlConnection connection, CancellationToken cancellationToken)
    {
        var extents = new List<StoredExtent>();
        await EachAsync(SqlServerStatement.CountOperations, reader =>
            extents.Add(OfHour(StoredTier.Rows, reader.GetInt64(0), reader.GetInt64(2) + (reader.GetInt64(1) * OperationBytes)))).ConfigureAwait(false);
        await EachAsync(SqlServerStatement.MeasureSamples, reader =>
            extents.Add(OfHour(StoredTier.Rows, reader.GetInt64(0), reader.GetInt64(2) + (reader.GetInt64(1) * RowBytes)))).ConfigureAwait(false);
        await EachAsync(SqlServerStatement.MeasureRollups, reader =>
        {
            long key = reader.GetInt64(0);
            extents.Add(Of(RollupPageKeys.KindOf(key), RollupPageKeys.BucketOf(key), reader.GetInt64(1) + RowBytes));
        }).ConfigureAwait(false);
        await EachAsync(SqlServerStatement.MeasureResourceRollups, reader =>
            extents.Add(Of((RollupResolution)reader.GetByte(0), reader.GetInt64(1), reader.GetInt64(3) + (reader.GetInt64(2) * RowBytes)))).ConfigureAwait(false);
        return extents;

        async Task EachAsync(SqlServerStatement statement, Action<SqlDataReader> read)
        {
            await using var command = statement.CreateCommand(connection, null);
            command.CommandTimeout = TimeoutSeconds;
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                read(reader);
            }
        }
    }

    private static StoredExtent Of(RollupResolution kind, long bucket, double bytes) => OfHour(
        kind == RollupResolution.Hour ? StoredTier.Hours : StoredTier.Minutes, kind == RollupResolution.Minute ? RollupBuckets.HourOf(bucket) : bucket, bytes);

    private static StoredExtent OfHour(StoredTier tier, long hour, double bytes) => new(tier, hour * StoredExtent.Hour, (hour + 1) * StoredExtent.Hour, bytes);
}
