using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Micro;

/// <summary>The verb <c>micro</c>: what single steps of the hot paths cost, by BenchmarkDotNet. The first of each group is the yardstick of the others.</summary>
internal static class MicroVerb
{
    private static readonly Type[] Groups = [typeof(DecodingBenchmarks), typeof(SketchBenchmarks), typeof(BlockBenchmarks), typeof(PageBenchmarks)];

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var only = new Option<string?>("--only") { Description = "A part of a group's name, such as sketch.", HelpName = "TEXT" };
        return MeasurementVerb.Create(
            "micro", "Single steps of the hot paths, by BenchmarkDotNet.",
            async (arguments, progress, cancellationToken) =>
                await Task.Run(() => Measure(arguments.GetValue(only) ?? "", progress, cancellationToken), cancellationToken), only);
    }

    private static List<MeasuredRow> Measure(string only, TextWriter progress, CancellationToken cancellationToken)
    {
        // In this process: what is measured is internal to the portal, and a benchmark needs no project of its own then.
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "perfportal-benchmarks", "micro"));
        var rows = new List<MeasuredRow>();
        foreach (var group in Groups.Where(group => group.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress.WriteLine($"{group.Name} ...");
            rows.AddRange(Rows(BenchmarkRunner.Run(group, config)));
        }

        return rows;
    }

    private static IEnumerable<MeasuredRow> Rows(Summary summary)
    {
        var reports = summary.Reports.Where(report => report.ResultStatistics is not null).ToList();
        var yardstick = reports.FirstOrDefault(report => report.BenchmarkCase.Descriptor.Baseline);
        foreach (var report in reports.Where(report => report != yardstick))
        {
            long? bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            yield return new(Name(report), report.ResultStatistics!.Mean, "ns", yardstick is null ? null : Name(yardstick), yardstick?.ResultStatistics!.Mean);
            if (bytes is { } allocated)
            {
                yield return new("  allocated by it", allocated, "bytes");
            }
        }
    }

    private static string Name(BenchmarkReport report) => report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
}
