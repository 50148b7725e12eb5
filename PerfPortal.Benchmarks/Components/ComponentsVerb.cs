using System.CommandLine;
using System.Diagnostics;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Components;

/// <summary>The verb <c>components</c>: what downloader, health monitor and fallback manager gain, each against what one would use without them.</summary>
internal static class ComponentsVerb
{
    private static readonly (string Name, Func<ComponentBench, CancellationToken, Task<IReadOnlyList<MeasuredRow>>> Measure)[] Parts =
    [
        ("limited", LimitedLinks.MeasureAsync),
        ("loopback", LoopbackDownloads.MeasureAsync),
        ("health", HealthChecks.MeasureAsync),
        ("fallback", FallbackAnswers.MeasureAsync),
        ("flaky", FlakyDownloads.MeasureAsync),
    ];

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Runs of each figure, of which the median counts.", DefaultValueFactory = _ => 5, HelpName = "N" };
        var megabytes = new Option<int>("--megabytes")
        {
            Description = "The size of the model that is downloaded and checked; less where the disk has no room.",
            DefaultValueFactory = _ => 1024,
            HelpName = "MB",
        };
        var directory = new Option<string?>("--directory") { Description = "Where the files are; by default in memory (/dev/shm) if they fit, else in the temporary directory.", HelpName = "DIR" };
        var only = new Option<string?>("--only") { Description = $"One part: {string.Join(", ", Parts.Select(part => part.Name))}.", HelpName = "PART" };
        return MeasurementVerb.Create(
            "components", "What the downloader, the health monitor and the fallback manager gain; with nginx, aria2 and curl installed against them.",
            async (arguments, progress, cancellationToken) =>
            {
                using var bench = ComponentBench.Create(arguments.GetValue(directory), arguments.GetValue(megabytes), Math.Max(1, arguments.GetValue(runs)), progress);
                return await MeasureAsync(bench, arguments.GetValue(only), cancellationToken);
            },
            runs, megabytes, directory, only);
    }

    private static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(ComponentBench bench, string? only, CancellationToken cancellationToken)
    {
        var chosen = Parts.Where(part => only is null || part.Name == only).ToList();
        if (chosen.Count == 0)
        {
            throw new MeasuringException($"There is no part {only}; the parts are {string.Join(", ", Parts.Select(part => part.Name))}.");
        }

        var rows = new List<MeasuredRow>();
        foreach (var (name, measure) in chosen)
        {
            long began = Stopwatch.GetTimestamp();
            rows.AddRange(await measure(bench, cancellationToken));
            await bench.TellAsync($"{name}: {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        }

        return rows;
    }
}
