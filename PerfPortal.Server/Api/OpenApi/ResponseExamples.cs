using System.Text.Json.Nodes;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.Effects;
using PerfPortal.Domain.Analysis.Suggestions;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Sources;
using PerfPortal.Server.Sources.Demonstration;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Losses;
using PerfPortal.Server.Views.Reports;
using PerfPortal.Server.Wire;
using static PerfPortal.Server.Api.OpenApi.RequestExamples;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>The examples of response bodies.</summary>
internal static class ResponseExamples
{
    private const string Test = "Mann–Whitney on durations, two proportions on success, 5 %";
    private static readonly DateTimeOffset Now = Start0.AddDays(1);
    private static readonly RangeBody Day = new(Now.AddDays(-1), Now, "minute");
    private static readonly RangeBody DayBefore = new(Now.AddDays(-2), Now.AddDays(-1), "minute");
    private static readonly OutcomeStatistics Figures = new(120, 117, 3, 1, 0, 0.975, 12.4, 8.1, 31.7, 11.9, 16.2, 18.8, 29.4, 5);
    private static readonly OutcomeStatistics FiguresBefore = new(118, 117, 1, 0, 0, 0.9915, 9.8, 7.6, 22.1, 9.5, 12.7, 14.1, 20.8, 4.9167);

    private static readonly MarkerBody Deployed = new(17, Start0, "deploy 1.4.2", "gpu-1", Metadata.Of([new("version", MetadataValue.From("1.4.2"))]), Start0.AddSeconds(2));

    private static readonly LossBody Lost = new(
        Id, LossReason.PortalUnreachable, "Connection refused", 1_204, 30, Start0.AddMinutes(-17), Start0,
        "1,204 operations and 30 samples of gpu-1 were dropped between 2025-01-31 07:43 UTC and 2025-01-31 08:00 UTC, because the portal could not be reached: Connection refused.");

    private static readonly OperationBody Operation = new()
    {
        Id = Id,
        MetricType = MetricType.ModelOperation,
        OperationName = "llama-3-8b",
        Source = "gpu-1",
        Status = OperationStatus.Succeeded,
        StartTime = Start0,
        EndTime = Start0.AddSeconds(12.3),
        DurationSeconds = 12.3,
        Success = true,
        Progress = new(512, 512, "tokens", 1),
        LastHeartbeatAt = Start0.AddSeconds(12.3),
        Metadata = Facts,
        TraceId = "0af7651916cd43dd8448eb211c80319c",
        SpanId = "b7ad6b7169203331",
        Events = [new(Start0, "started", null)],
    };

    private static readonly OperationBody Active = Operation with
    {
        Status = OperationStatus.Running,
        EndTime = null,
        DurationSeconds = null,
        Success = null,
        Progress = new(128, 512, "tokens", 0.25),
        Rate = 41.5,
        EtaSeconds = new(9.3, 14.1, new(0.91, 200, Start0.AddDays(-2))),
    };

    private static readonly EvidenceNumber Share = new("slow_share", 0.14, "share");

    private static readonly BottleneckBody Bottleneck = new(
        "slow_operations", "warning", "14 % of model_operation took longer than 30 s.", 0.14, 0.1, "share", Start0, null, MetricType.ModelOperation, null,
        new(120, 17, 0.14, [Share], [new(Id, MetricType.ModelOperation, "llama-3-8b", "gpu-1", OperationStatus.Succeeded, Start0, 31.7, null)], [], []));

    private static readonly RecommendationBody Recommendation = new(
        "3f1b2c4d5e6f708192a3b4c5d6e7f809", "tail_latency", "Investigate the slowest runs of llama-3-8b", "P95 latency of llama-3-8b is 31.7 s; the median is 4.8 s.",
        "Compare the slowest runs with typical ones.", "P95 above 5 × P50 and above 3.0 s, over at least 50 operations.", [new("p95_duration", 31.7, "s")],
        new("Saves at least 2 m 41 s a day.", 161.4, "s per day", "count × 0.05 × (P95 − P50)"), MetricType.ModelOperation, "llama-3-8b", null, "open", true, Start0, Now, null, null,
        null);

    private static readonly RecommendationGroupBody Group = new(
        "9d1e6f708192a3b4c5d6e7f8093f1b2c", Recommendation.Kind, null, Recommendation.Title, Recommendation.Sentence, Recommendation.Action, Recommendation.Condition,
        Recommendation.ExpectedGain, Recommendation.ExpectedGain.Value, "open", true, [Recommendation]);

    private static readonly FindingBody Finding = new(
        "9c1d2e3f405162738495a6b7c8d9e0f1", "regression", "open", "warning", new(null, MetricType.ModelOperation, "llama-3-8b", "duration"), Start0.AddHours(9), Start0.AddHours(8.8), Start0.AddHours(9.1),
        null, 0.46, "ratio", 0.998, 96, "llama-3-8b takes 5.1 s instead of 3.5 s (median) since 09:00.", "Compare what changed at that time.",
        [new("p50_before", 3.5, "s"), new("p50_after", 5.1, "s")], [new("metadata", "model_version changed from 1.2 to 1.3.", Start0.AddHours(9), 0.9)],
        [new(Id, MetricType.ModelOperation, "llama-3-8b", "gpu-1", OperationStatus.Succeeded, Start0.AddHours(10), 5.4, null)], Start0.AddHours(9.4), Now,
        "It ran on gpu-1; nothing else took much time when it began.", "9c1d2e3f405162738495a6b7c8d9e0f1", ["1a2b3c4d5e6f708192a3b4c5d6e7f809"]);

    private static readonly AdviceItem RetryDelay = new()
    {
        Kind = AdviceKinds.RetryDelay,
        Subject = "network",
        Value = 5,
        Unit = "s",
        SampleCount = 140,
        Confidence = 0.82,
        ExpiresAt = Now.AddMinutes(24.8),
        SafeDefault = 1,
        Reason = "After network errors 72 of 80 retries after 5.0 s succeeded (1.0 s: 20 %).",
    };

    private static readonly AlertBody Alert = new(
        "5b6c7d8e9f00112233445566778899aa", "builtin-high-cpu", "High CPU", "firing", "warning",
        new Dictionary<string, string> { ["alertname"] = "High CPU", ["severity"] = "warning", ["signal"] = "resource", ["source"] = "gpu-1" }, new("gpu-1", null, null, null, null), "resource",
        "CPU of gpu-1 is 96.3 %, above 80 %, since 2025-01-31 08:00 UTC (15 m 00 s).", 96.3, 97.8, 80, "above", "%", Start0, Start0.AddMinutes(10), null, null, 300, false,
        new("ann", Start0.AddMinutes(12), "On it."), null, "https://wiki.example/high-cpu", [new(new(Id, MetricType.ModelOperation, "llama-3-8b", "gpu-1", OperationStatus.Running, Start0, null, null), 0.72, null)],
        [new("marker", "deploy 1.4.2 was reported as a marker.", Start0.AddMinutes(-3), 0.9)], "It last fired 3 d 02 h ago, for 25 min; it resolved without anybody taking it on.",
        "00112233445566778899aabbccddeeff", [new(Start0, 91.2)], [new("On call", Start0.AddMinutes(10.5), "delivered", 1, "200 OK")],
        [new(Start0.AddMinutes(10), "state", "firing", "Condition met for 10 min.", null)]);

    private static readonly AlertRuleBody AlertRule = new(
        "builtin-high-cpu", "High CPU usage", true, new("resource", "cpu_percent", null, null, null), new(null, null, null), "source", "above", 80, 72, "%", 600, 600, 0, 0, "warning",
        new Dictionary<string, string>(), null, true, false, ["high_cpu_percent"], 0, false);

    private static readonly RuleFiringBody RuleFiring = new(new("gpu-1", null, null, null, null), Start0.AddHours(8), Start0.AddHours(8.7), 97.8, false);

    private static readonly RulePreviewBody RulePreview = new(
        new(Now.AddDays(-7), Now, "minute"), 60, [RuleFiring], 1, 42, 2520, 0, [new("9c1d2e3f405162738495a6b7c8d9e0f1", "anomaly", "CPU of gpu-1 is 97.8 %; usually 20–51 %.", Start0.AddHours(7.9), Start0.AddHours(8.6))], [],
        new(62, 0.001, 0.0004, 30_240, "A threshold above 62 % would put at most 0.1 % of 30,240 calm minutes in alarm; above 80 % puts < 0.1 %. Alerts would resolve at 55.8 %.", 55.8), null);

    private static readonly RuleNoiseBody RuleNoise = new(
        30, 24, 0, 6, 96, 3, new("for", 600, 20, null), "It fired 24 times in 30 days, 1 h 36 m in all; 0 of these alerts were acknowledged. If the condition had to be met for 10 min, 20 of 24 would not have fired.");
    private static readonly ReceiverBody Receiver = new(
        "3f1b2c4d5e6f708192a3b4c5d6e7f809", "On call", "webhook", true, "https://hooks.example.com/alerts", ["secret"], null, null, null, null, null, null,
        [new(null, "warning", new Dictionary<string, string> { ["team"] = "ml" })], ["alertname", "source"], 30, 300, 14_400, true, 60, 1,
        null, 0, "200 OK: ok", Start0.AddMinutes(10.6));

    private static readonly ModelBody Model = new(
        "openai-community/gpt2", "/srv/models/openai-community/gpt2", 551_291_392, 5, 0, HealthState.Damaged, 0.4995, new(0.5, 1, 0.999, 1),
        [new("model.safetensors", "silent_change", HealthSeverity.Error, 104_857_600, 1_048_576, "Its bytes 104,857,600 to 105,906,175 changed although size and time did not.")], 0,
        Start0, HealthCheckKind.Sampled, Start0.AddDays(-2), Start0.AddHours(6), 25,
        new([new(1, "model.safetensors", 1_048_576, [new(104_857_600, 1_048_576)], "Download 1 MiB of model.safetensors again: the weights, after everything smaller.", 548_105_171, "https://huggingface.co/openai-community/gpt2/resolve/main/model.safetensors")], 1_048_576, 1_048_576, 548_105_171, null), null);

    private static readonly ModelDownloadBody ModelDownload = new(
        Guid.Parse("018f2f6e-7c1a-7000-8000-000000000004"), "openai-community/gpt2", "/srv/models/openai-community/gpt2", "https://huggingface.co/openai-community/gpt2/resolve/main/config.json",
        DownloadState.Running, Start0, null, 201_326_592, 551_291_392, 41_943_040, 8.3, 4, 1, null, null, [],
        [new("model.safetensors", 200_278_016, 548_105_171, false, false)], 5, 4, Id, false, null, "https://huggingface.co", "openai-community/gpt2", "main", "607a30d783dfa663caf39e06633721c8d4cfcd7e",
        null, null, null, null, null);

    private static readonly FallbackGroupBody FallbackGroup = new(
        "chat", "gpu-1", 106, 0.98, 3.4, 62.1, [new("llama-3-8b-q4", 104, 101, 1.9, 0.962, 1.98, 0.97), new("llama-3-8b", 108, 61, 2.6, 0.564, 4.61, 1)],
        new("llama-3-8b-q4", 41, 35.2, 46.9, 212, "Trying llama-3-8b-q4 first would have saved 41 s a day; based on 212 recorded attempts.", true, "35.2 s to 46.9 s a day", 518_400),
        518_400, 372.6, FallbackGroupBody.ByCompatibility);

    private static readonly SilenceBody Silence = new(
        "1122334455667788990a1b2c3d4e5f60", new Dictionary<string, string> { ["source"] = "gpu-1" }, Start0, null, new(["sat", "sun"], "22:00", "06:00", "Europe/Berlin"), "Weekly maintenance", "ann", Start0, false, false);

    private static readonly DeductionBody Deduction = new(
        "success_rate", "Success rate of downloads of fetch is 86.5 %; the target is 95 %.", 8.5, MetricType.DownloadOperation, "fetch", null,
        "9 fewer failures among 104 downloads of fetch.");

    private static readonly ScoreBody Score = new(91.5, true, [Deduction], null, 120, new(3, 2, 0, 1, 1));

    private static readonly LookedAtBody Scope = new(Day, 120, 1440, 42.5, null);

    private static readonly PairBody Pair = new(
        MetricType.ModelOperation, "llama-3-8b", Figures, FiguresBefore, 1.25, "regressed", 0.003, 0.31, "Slower: the median grew by 25 %.");

    private static readonly PairBody Whole = Pair with
    {
        MetricType = null,
        OperationName = null,
        Reason = "+390 % in total: mix +380 %, performance +2.1 % (unchanged). Most of the mix: nightly-eval (new, 62 % of operations).",
        Verdict = "unchanged",
        PValue = 0.4,
        TotalRatio = 4.9,
        PerformanceRatio = 1.021,
        MixRatio = 4.8,
        Split = new(0.99, 1.06, new(-0.01, 0, -0.01), 0.38, 1, [new(MetricType.ModelOperation, "nightly-eval", 0.62, 0, null, 1, 4.6, 0, -0.01)]),
    };

    private static readonly Dictionary<Type, object> ByType = new()
    {
        [typeof(OperationBody)] = Operation,
        [typeof(ItemsBody<OperationBody>)] = new ItemsBody<OperationBody>([Active]),
        [typeof(MetricsBody)] = new MetricsBody([Operation], Figures, null, "AAYPmkQ-bYAAAAAAAAAAAAA", Day, false),
        [typeof(BatchAnswer)] = new BatchAnswer(98, 1, [new(17, "duration_seconds must be a number from 0 to 10,000,000.")]),
        [typeof(SamplesAnswer)] = new SamplesAnswer(1),
        [typeof(ItemsBody<SampleMembers>)] = new JsonObject { ["items"] = new JsonArray(SampleBody.Of(Sample(), Start0.AddSeconds(4))), ["next_cursor"] = null },
        [typeof(ResourceHistoryBody)] = new ResourceHistoryBody(
            "gpu-1", new(Start0, Start0.AddMinutes(2), "minute"), 60, [Start0, Start0.AddMinutes(1)],
            new Dictionary<string, SeriesBody> { ["cpu_percent"] = new("%", [12.5, null], [41.5, null], [88, null]) }),
        [typeof(DashboardBody)] = new DashboardBody(
            Now, new(120, 0.975, 12.4, 18.8), Score, new(41.5, 63.2, 210.4, 18_000, 93, "gpu-1", Now.AddSeconds(-12)),
            MetricTypes.WireNames.ToDictionary(name => name, name => name == "model_operation" ? 120L : 0), 1, 5, [Bottleneck.Sentence], [Recommendation.Sentence],
            new Dictionary<string, string> { ["cpu"] = "stable", ["memory"] = "increasing", ["disk"] = "stable", ["network"] = "stable", ["gpu"] = "unknown" })
        {
            Verdict = new("warning", Finding.Sentence, 1),
            Findings = [Finding.Sentence],
        },
        [typeof(ItemsBody<ThresholdSuggestion>)] = new ItemsBody<ThresholdSuggestion>(
            [new("slow_operation_seconds_download_operation", 600, 270, 0, 0.05, 14, "270 s would have been exceeded on 5 % of 14 days; 600 s was on 0 %.")]),
        [typeof(ItemsBody<AdviceItem>)] = new ItemsBody<AdviceItem>([RetryDelay]),
        [typeof(ItemsBody<AdviceEffectBody>)] = new ItemsBody<AdviceEffectBody>(
            [new(AdviceTopic.Download, "huggingface.co", AdviceVerdict.Helped, 210, 31, 0.62, 0.55, 0.7, 0.0003, false,
                "Advice helped: 210 advised downloads took 0.62 times as long as 31 with the defaults, with a 99 % interval from 0.55 to 0.7.")]),
        [typeof(IntegrityBody)] = new IntegrityBody(Day, 3_600, [new(Start0, 2, 1, 1)]),
        [typeof(FindingBody)] = Finding,
        [typeof(ItemsBody<FindingBody>)] = new ItemsBody<FindingBody>([Finding]),
        [typeof(BenchmarksBody)] = new BenchmarksBody(
            [new(MetricType.ModelOperation, "llama-3-8b", Figures, FiguresBefore, 1.25, "regressed", 0.003, 0.31, Pair.Reason)], Day, DayBefore, "previous", Test,
            Whole, [Whole with { MetricType = MetricType.ModelOperation }]),
        [typeof(BaselineState)] = new BaselineState(new(Start0.AddDays(-7), Start0, "Before the driver update"), 3, Now, "admin"),
        [typeof(CompareBody)] = new CompareBody(Day, DayBefore, Test, Whole, [Whole with { MetricType = MetricType.ModelOperation }], [Pair]),
        [typeof(RecommendationBody)] = Recommendation with { State = "applied", ChangedAt = Now, ChangedBy = "admin", Note = "Rolled out on all hosts." },
        [typeof(ItemsBody<RecommendationBody>)] = new ItemsBody<RecommendationBody>([Recommendation]),
        [typeof(ItemsBody<RecommendationGroupBody>)] = new ItemsBody<RecommendationGroupBody>([Group]),
        [typeof(OptimizeBody)] = new OptimizeBody(
            Now, Scope, [Bottleneck], [Recommendation], Score, [new("memory", "gpu-1", "increasing", 0.8, "%", 0.01, 360, null, "memory_percent")]),
        [typeof(ScoreAnswerBody)] = new ScoreAnswerBody(Now, Day, null, Score, [new(8.5, 100, Deduction.Remedy!, Deduction.Kind, Deduction.MetricType, Deduction.OperationName, null)], 3),
        [typeof(PipelineBody)] = new PipelineBody(
            JournalState.Flowing, "Reports are stored immediately.", 0, 65_536, 12.5, 0.002, 0.003, 1.5, 48_211, 0, null, 1, null, 4, new(42, 20_000, 0), new(3, 10_000, 0), null,
            new(StorageLimitState.Within, "The database uses 210 MB of 4,096 MB.", 220_200_960, 4_294_967_296, null, null, null), 0),
        [typeof(ThresholdsBody)] = ThresholdDocument.Write(PerformanceThresholds.Default),
        [typeof(AlertBody)] = Alert,
        [typeof(ItemsBody<AlertBody>)] = new ItemsBody<AlertBody>([Alert with { Events = null }]),
        [typeof(AlertRuleBody)] = AlertRule,
        [typeof(ItemsBody<AlertRuleBody>)] = new ItemsBody<AlertRuleBody>([AlertRule]),
        [typeof(RulePreviewBody)] = RulePreview,
        [typeof(RuleNoiseBody)] = RuleNoise,
        [typeof(ReceiverBody)] = Receiver,
        [typeof(ItemsBody<ReceiverBody>)] = new ItemsBody<ReceiverBody>([Receiver]),
        [typeof(ReceiverTestBody)] = new ReceiverTestBody(true, "accepted", 200, "200 OK: ok", 84.2, null),
        [typeof(ItemsBody<DeliveryBody>)] = new ItemsBody<DeliveryBody>(
            [new(
                "7f8091a2b3c4d5e6f70812233445566a", Receiver.Id, Receiver.Name, "delivered", "Warning: High CPU on gpu-1", [new(Alert.Id, Alert.Name, "firing")], 0, false,
                Start0.AddMinutes(10.5), 1, null, Start0.AddMinutes(10.6), "200 OK", null, null)]),
        [typeof(ItemsBody<ModelBody>)] = new ItemsBody<ModelBody>([Model]),
        [typeof(ModelDownloadBody)] = ModelDownload,
        [typeof(ItemsBody<ModelDownloadBody>)] = new ItemsBody<ModelDownloadBody>([ModelDownload]),
        [typeof(StartedChecksBody)] = new StartedChecksBody([new(Model.Name, Id)], []),
        [typeof(ItemsBody<FallbackGroupBody>)] = new ItemsBody<FallbackGroupBody>([FallbackGroup]),
        [typeof(SilenceBody)] = Silence,
        [typeof(ItemsBody<SilenceBody>)] = new ItemsBody<SilenceBody>([Silence]),
        [typeof(LossBody)] = Lost,
        [typeof(ItemsBody<SourceBody>)] = new ItemsBody<SourceBody>([new("gpu-1", 48_210, 2, Start0, 1_204, 30, 0, 0, Start0, null, [Lost])]),
        [typeof(MarkerBody)] = Deployed,
        [typeof(ItemsBody<MarkerBody>)] = new ItemsBody<MarkerBody>([Deployed]),
        [typeof(ItemsBody<ThresholdChange>)] = new ItemsBody<ThresholdChange>([new(3, Now, "admin", [new("slow_operation_seconds", 30, 20)])]),
        [typeof(PreviewBody)] = new PreviewBody(Scope, [Bottleneck], [], [], Score, Score),
        [typeof(DetectBody)] = new DetectBody(2016, 300, [new(RequestExamples.Start0, RequestExamples.Start0.AddHours(1), 1440, 1452, 0.68)], 302,
            [new(RequestExamples.Start0.AddHours(8), RequestExamples.Start0.AddHours(7), RequestExamples.Start0.AddHours(9), 1536, 1524, 1548, 12.1, 14.3, 2.2, 1.9, 2.5, 0.999)], 0,
            new(1, [new(RequestExamples.Start0.AddDays(2), 14.4, 13.1, 15.6)], new(20, 0.02, null, null, null, null, null, null)), null),
        [typeof(RemovedSourceBody)] = new RemovedSourceBody("gpu-7", 1_204, 1, 86_400, true),
        [typeof(DemonstrationBody)] = new DemonstrationBody("demo", 2_353, 3, 1_440),
        [typeof(OperationExport)] = new JsonObject
        {
            ["range"] = new JsonObject { ["from"] = WireJson.Text(Now.AddHours(-1)), ["to"] = WireJson.Text(Now) },
            ["items"] = new JsonArray(),
            ["truncated"] = false,
        },
        [typeof(PerformanceReport)] = Report(),
    };

    /// <summary>The example of a body of a type.</summary>
    /// <exception cref="KeyNotFoundException">The type has no example.</exception>
    public static object Of(Type type) => ByType[type];

    private static ResourceSample Sample()
    {
        var sample = new ResourceSample("gpu-1", Start0)
        {
            CpuCores = [40.1, 42.9],
            Disks = [new("/", 930.5, 210.4, 77.4, 1_200_000, 350_000, true)],
            Networks = [new("eth0", 120_000, 8_000)],
            Gpus = [new(0, "GPU 0", 93, 18_000, 24_576, 71, 280)],
            Sensors = new Dictionary<string, SensorStatus> { [Sensors.Cpu] = SensorStatus.Ok },
        };
        sample[ResourceMetric.CpuPercent] = 41.5;
        sample[ResourceMetric.MemoryPercent] = 63.2;
        sample[ResourceMetric.DiskFreeGb] = 210.4;
        return sample;
    }

    private static PerformanceReport Report()
    {
        var range = new ReportRange(Now.AddDays(-1), Now, "minute");
        return new()
        {
            GeneratedAt = Now,
            Range = range,
            Summary = Figures,
            Score = new(91.5, true, [new("p95_duration", "P95 duration of model operations of llama-3-8b is 1 m 51 s; the limit is 60.0 s.", 8.5)], null, 120),
            Types = [new(MetricType.ModelOperation, null, Figures, [])],
            Names = [new(MetricType.ModelOperation, "llama-3-8b", Figures, [])],
            Resources = [new("gpu-1", [new("cpu_percent", "%", 12.5, 41.5, 88, [])], new Dictionary<string, string>())],
            Analysis = new(Now.AddDays(-1), Now, 120, 1440, 42.5),
            Bottlenecks = [],
            Findings =
            [
                new(
                    Finding.Id, Finding.Kind, Finding.State, Severity.Warning, null, MetricType.ModelOperation, "llama-3-8b", Finding.Subject.Measure, Finding.Since, null, Finding.Size, Finding.Unit,
                    Finding.Confidence, Finding.Sentence, Finding.Action, Finding.Incident),
            ],
            Recommendations = [],
            Trends = [new("memory", "gpu-1", TrendDirection.Increasing, 0.8, "%", 0.01, 360, null)],
            Comparison = new(range, new(Now.AddDays(-2), Now.AddDays(-1), "minute"), Test, new(
                null, null, Figures, FiguresBefore, 1.25, Domain.Analysis.Comparison.Verdict.Regressed, 0.003, 0.31, Pair.Reason!), [], []),
            Timeline = new(900, [new(Now.AddDays(-1), 14, 0, 17.2)]),
        };
    }
}
