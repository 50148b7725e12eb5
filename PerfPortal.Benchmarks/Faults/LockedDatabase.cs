using Microsoft.Data.Sqlite;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Soak;

namespace PerfPortal.Benchmarks.Faults;

/// <summary>Another program holds the database while reports come: nothing that was acknowledged is lost, the rest is refused and told when to come again.</summary>
internal static class LockedDatabase
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    /// <summary>Holds the database for so long.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(TimeSpan length, TextWriter progress, CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync($"the database held for {length.TotalSeconds:0} s ...");
        await using var portal = await PortalProcess.StartAsync(cancellationToken);
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var tally = new SoakTally();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var client = new SoakClient(portal.Api, tally);
        Task<long>[] reporting = [client.ReportAsync(1, BatchSize, Pace, stop.Token), client.ReportAsync(2, BatchSize, Pace, stop.Token)];
        await Task.Delay(Around, cancellationToken);
        long before;
        long meanwhile;
        using (var holder = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = portal.DatabaseFile, Pooling = false, DefaultTimeout = 60 }.ToString()))
        {
            holder.Open();
            using var command = holder.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            before = tally.Acknowledged;
            await Task.Delay(length, cancellationToken);
            meanwhile = tally.Acknowledged - before;
            command.CommandText = "ROLLBACK";
            command.ExecuteNonQuery();
        }

        long freed = TimeProvider.System.GetTimestamp();
        while (tally.Acknowledged == before + meanwhile && TimeProvider.System.GetElapsedTime(freed) < TimeSpan.FromMinutes(1))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        double recovered = TimeProvider.System.GetElapsedTime(freed).TotalSeconds;
        await Task.Delay(Around, cancellationToken);
        await stop.CancelAsync();
        long acknowledged = (await Task.WhenAll(reporting)).Sum();
        await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
        long stored = await SoakCheck.CountAsync(portal, since, cancellationToken);
        return
        [
            new("operations acknowledged around a minute without the database", acknowledged, ""),
            new("  acknowledged while it was held", meanwhile, ""),
            new("  lost", Math.Max(0, acknowledged - stored), "", Goal: Goal.AtMost(0)),
            new("  stored twice", Math.Max(0, stored - acknowledged), "", Goal: Goal.AtMost(0)),
            new("  refused with 503", tally.Refused, "", Goal: Goal.AtLeast(1)),
            new("  of them without Retry-After", tally.RefusedForGood, "", Goal: Goal.AtMost(0)),
            new("  first acknowledged again after", recovered, "s", Goal: Goal.AtMost(30)),
        ];
    }
}
