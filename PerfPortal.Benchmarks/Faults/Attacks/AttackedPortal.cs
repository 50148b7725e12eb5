using System.Net.Http.Headers;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Faults.Attacks;

/// <summary>
/// Carries out the attacks one after the other on a portal with data: every request gets the expected response, the dashboard stays usable meanwhile, and
/// memory returns to its initial size.
/// </summary>
internal static class AttackedPortal
{
    private const int BatchSize = 2_000;
    private const double UsableMilliseconds = 2_000;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private static readonly string[] WarmUp =
        ["/", "/compare?window=7d", "/report?window=7d", "/api/v1/performance/report?window=7d&format=html", "/export/operations.csv?window=7d", "/export/operations.json?window=7d", "/api/v1/performance/metrics/model_operation?window=7d&q=nothing"];

    /// <summary>Fills a portal with the given number of operations and attacks it.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(int operations, TextWriter progress, CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync($"attacks on a portal with {operations:N0} operations ...");
        await using var portal = await PortalProcess.StartAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = portal.BaseAddress, Timeout = TimeSpan.FromMinutes(5) };
        await FillAsync(http, operations, cancellationToken);

        // Ordinary use performs each kind of read once: what that leaves in caches is not attributed to an attack.
        var warm = new AttackTarget(portal, http);
        foreach (string path in WarmUp)
        {
            await warm.GetAsync(path, cancellationToken);
        }

        double idle = await LookAsync(portal, cancellationToken);
        double before = portal.ResidentBytes;
        var rows = new List<MeasuredRow> { new("attacks: operations stored", operations, ""), new("  dashboard before, p95", idle, "ms") };
        foreach (var attack in AttackList.All)
        {
            await progress.WriteLineAsync($"  {attack.Name} ...");
            rows.AddRange(await CarryOutAsync(attack, portal, http, cancellationToken));
        }

        await Task.Delay(Quiet, cancellationToken);
        using var ready = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
        rows.Add(new("  ready after all attacks", ready.IsSuccessStatusCode ? 1 : 0, "", Goal: Goal.AtLeast(1)));
        rows.Add(new("  memory after all attacks", portal.ResidentBytes / 1e6, "MB", "before", before / 1e6, Goal.AtMost(1.5)));
        return rows;
    }

    private static async Task<IReadOnlyList<MeasuredRow>> CarryOutAsync(IAttack attack, PortalProcess portal, HttpClient http, CancellationToken cancellationToken)
    {
        var target = new AttackTarget(portal, http);
        var probe = new DashboardProbe(portal.Api, cancellationToken);
        await using (probe)
        {
            await attack.RunAsync(target, cancellationToken);
        }

        int taken = target.Answers.Where(answer => answer.Key is >= 200 and < 300).Sum(answer => answer.Value);
        int refused = attack.Allowed.Sum(status => target.Answers.GetValueOrDefault(status));
        int all = target.Answers.Values.Sum();
        return
        [
            new($"  {attack.Name}: requests", all, ""),
            new("    answered", taken, "", Goal: attack.MayBeAnswered ? null : Goal.AtMost(0)),
            new($"    refused{(attack.Allowed.Count == 0 ? "" : " with " + string.Join(", ", attack.Allowed))}", refused, ""),
            new("    answered otherwise or not at all", all - taken - refused, "", Goal: Goal.AtMost(0)),
            new("    dashboard meanwhile, p95", probe.Quantile(0.95), "ms", Goal: Goal.AtMost(UsableMilliseconds)),
            new("    dashboard meanwhile, slowest", probe.Quantile(1), "ms"),
            new("    dashboards not answered", probe.Failures, "", Goal: Goal.AtMost(0)),
            new("    memory afterwards", portal.ResidentBytes / 1e6, "MB"),
        ];
    }

    private static async Task<double> LookAsync(PortalProcess portal, CancellationToken cancellationToken)
    {
        var probe = new DashboardProbe(portal.Api, cancellationToken);
        await using (probe)
        {
            await Task.Delay(Quiet, cancellationToken);
        }

        return probe.Quantile(0.95);
    }

    private static async Task FillAsync(HttpClient http, int operations, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        int batches = (operations + BatchSize - 1) / BatchSize;
        for (int i = 0; i < batches; i++)
        {
            // Spread over a day, oldest first.
            using var content = new ByteArrayContent(SampleBatch.Write(3, (long)i * BatchSize, BatchSize, now - TimeSpan.FromHours(24.0 * (batches - i) / batches)));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await http.PostAsync(new Uri("/api/v1/performance/operations/batch", UriKind.Relative), content, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }
}
