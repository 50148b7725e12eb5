using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Soak;

/// <summary>What is stored in the end, against what was acknowledged.</summary>
internal static class SoakCheck
{
    private static readonly string[] Types = ["model_operation", "download_operation", "health_check", "analytics_collection", "fallback_strategy"];

    /// <summary>Operations that the statistics count since a time.</summary>
    public static Task<long> CountAsync(PortalProcess portal, DateTimeOffset since, CancellationToken cancellationToken) => CountAsync(portal, since, null, cancellationToken);

    /// <summary>Operations of one source, or of all, that the statistics count since a time.</summary>
    public static async Task<long> CountAsync(PortalProcess portal, DateTimeOffset since, string? source, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = portal.Api };
        long count = 0;
        foreach (string type in Types)
        {
            string query = string.Create(CultureInfo.InvariantCulture, $"metrics/{type}?from={since.ToUnixTimeMilliseconds()}&to={TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds()}&limit=1{(source is null ? "" : "&source=" + source)}");
            using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri(query, UriKind.Relative), cancellationToken));
            count += document.RootElement.GetProperty("statistics").GetProperty("count").GetInt64();
        }

        return count;
    }

    /// <summary>Of ids drawn evenly from those that were acknowledged, how many are not found.</summary>
    public static async Task<int> MissingAsync(PortalProcess portal, IEnumerable<(int Run, long Count)> runs, CancellationToken cancellationToken)
    {
        const int Sample = 200;
        using var http = new HttpClient { BaseAddress = portal.Api };
        int missing = 0;
        foreach (var (run, count) in runs)
        {
            for (long number = 0; number < count; number += Math.Max(1, count / Sample))
            {
                using var answer = await http.GetAsync(new Uri($"operations/{SampleBatch.IdOf(run, number)}", UriKind.Relative), cancellationToken);
                missing += answer.StatusCode == HttpStatusCode.OK ? 0 : 1;
            }
        }

        return missing;
    }

    /// <summary>Complaints of SQLite about its file; the portal must be stopped.</summary>
    public static int Complaints(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        using var reader = command.ExecuteReader();
        int complaints = 0;
        while (reader.Read())
        {
            complaints += reader.GetString(0) == "ok" ? 0 : 1;
        }

        return complaints;
    }
}
