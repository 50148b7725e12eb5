using DuckDB.NET.Data;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Query;

/// <summary>The same figures from the rows themselves, by a column store in memory that sorts for exact quantiles.</summary>
internal static class DuckYardstick
{
    private const string Question =
        "SELECT name, count(*), avg(CASE WHEN ok THEN 1.0 ELSE 0.0 END), avg(seconds), quantile_disc(seconds, [0.5, 0.95, 0.99]) FROM operations GROUP BY name";

    /// <summary>The median time of the question, milliseconds.</summary>
    public static async Task<double> MeasureAsync(IEnumerable<(int Name, bool Succeeded, double Seconds)> rows, TextWriter progress, CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync("filling the yardstick".AsMemory(), cancellationToken);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(cancellationToken);
        using (var create = connection.CreateCommand())
        {
            create.CommandText = "CREATE TABLE operations (name INTEGER, ok BOOLEAN, seconds DOUBLE)";
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        using (var appender = connection.CreateAppender("operations"))
        {
            foreach (var (name, succeeded, seconds) in rows)
            {
                appender.CreateRow().AppendValue(name).AppendValue(succeeded).AppendValue(seconds).EndRow();
            }
        }

        using var command = connection.CreateCommand();
        command.CommandText = Question;
        return await Median.OfAsync(15, 3, () =>
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                _ = reader.GetDouble(3);
            }

            return Task.CompletedTask;
        });
    }
}
