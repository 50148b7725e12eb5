using System.CommandLine;
using PerfPortal.Benchmarks.Alerts;
using PerfPortal.Benchmarks.Analysis;
using PerfPortal.Benchmarks.Components;
using PerfPortal.Benchmarks.Faults;
using PerfPortal.Benchmarks.Ingest;
using PerfPortal.Benchmarks.Insight;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Micro;
using PerfPortal.Benchmarks.Push;
using PerfPortal.Benchmarks.Query;
using PerfPortal.Benchmarks.Replay;
using PerfPortal.Benchmarks.Sampler;
using PerfPortal.Benchmarks.Serve;
using PerfPortal.Benchmarks.Soak;
using PerfPortal.Benchmarks.Startup;
using PerfPortal.Benchmarks.Storage;
using PerfPortal.Benchmarks.Tracker;
using PerfPortal.Benchmarks.Workload.Running;

namespace PerfPortal.Benchmarks;

/// <summary>The table of verbs. A class of its own, so that the tests, which also see the server's <c>Program</c>, can tell the two apart.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        var root = new RootCommand("Measures PerfPortal, and loads real traces into it.");
        root.Add(ReplayCommand.Create());
        root.Add(StatsCommand.Create());
        root.Add(TrackerCommand.Create());
        root.Add(QueryCommand.Create());
        root.Add(AnalysisCommand.Create());
        root.Add(AlertsVerb.Create());
        root.Add(EtaVerb.Create());
        root.Add(ForecastVerb.Create());
        root.Add(StorageCommand.Create());
        root.Add(StartupVerb.Create());
        root.Add(IngestVerb.Create());
        root.Add(ServeVerb.Create());
        root.Add(PushVerb.Create());
        root.Add(SamplerVerb.Create());
        root.Add(MicroVerb.Create());
        root.Add(SoakVerb.Create());
        root.Add(ComponentsVerb.Create());
        root.Add(DownloadProcess.CreateVerb());
        root.Add(FaultsVerb.Create());
        root.Add(DetectVerb.Create());
        root.Add(MultivariateVerb.Create());
        root.Add(ChangePointsVerb.Create());
        root.Add(InsightVerb.Create());
        root.Add(WorkloadVerb.Create());
        root.Add(YardstickProcess.CreateVerb(StartupVerb.Nothing, ServeVerb.Plaintext, PushVerb.PlainHub, DeserializingYardstick.Server));
        return root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = WorkloadVerb.StopLimit });
    }
}
