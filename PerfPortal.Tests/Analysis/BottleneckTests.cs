using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Analysis;

public sealed class BottleneckTests
{
    [Fact]
    public void More_slow_operations_than_the_share_are_a_bottleneck_and_as_many_are_not()
    {
        var eleven = Find([.. Days.Many(89, 1), .. Days.Many(11, 45, name: "render")], BottleneckKinds.SlowOperations);
        Assert.Equal(0.11, eleven!.Value, 10);
        Assert.Equal("render", eleven.OperationName);
        Assert.Equal(11, eleven.Evidence.BeyondLimit);
        Assert.Contains("11 %", eleven.Sentence, StringComparison.Ordinal);

        Assert.Null(Find([.. Days.Many(90, 1), .. Days.Many(10, 45)], BottleneckKinds.SlowOperations));
    }

    [Fact]
    public void A_download_is_slow_by_the_limit_of_downloads_and_a_name_by_its_own()
    {
        List<Operation> operations =
        [
            .. Days.Many(20, 300, MetricType.DownloadOperation, "fetch"), .. Days.Many(20, 20, MetricType.HealthCheck, "verify"), .. Days.Many(20, 4000, name: "train"), .. Days.Many(80, 1),
        ];
        Assert.Equal(MetricType.ModelOperation, Find(operations, BottleneckKinds.SlowOperations)!.MetricType);

        var thresholds = new PerformanceThresholds { SlowOperationSecondsByName = NameLimits.None.With("train", 7200) };
        Assert.Empty(BottleneckRules.Find(Days.Input(operations, thresholds: thresholds)));
        Assert.Equal(2, BottleneckRules.Find(Days.Input(operations, thresholds: thresholds with { SlowOperationSecondsByType = new(10) })).Count);
    }

    [Fact]
    public void Thousands_of_fast_operations_of_another_type_hide_no_slow_and_no_failing_ones()
    {
        List<Operation> bad = [.. Days.Many(10, 900, MetricType.DownloadOperation, "fetch"), .. Days.Many(10, 1, name: "load", status: OperationStatus.Failed)];
        var alone = BottleneckRules.Find(Days.Input(bad));
        var among = BottleneckRules.Find(Days.Input([.. bad, .. Days.Many(6000, 0.01, MetricType.HealthCheck, "ping"), .. Days.Many(6000, 0.01, name: "infer")]));
        Assert.Equal([BottleneckKinds.HighFailureRate, BottleneckKinds.SlowOperations], alone.Select(item => item.Kind));
        Assert.Equal(alone.Select(item => (item.Kind, item.MetricType, item.OperationName)), among.Select(item => (item.Kind, item.MetricType, item.OperationName)));
        Assert.Equal("100 % of 10 model operations of load failed.", among[0].Sentence);
    }

    [Fact]
    public void Four_slow_operations_of_a_type_are_too_few_to_speak_of_a_share()
    {
        Assert.Null(Find(Days.Many(4, 100), BottleneckKinds.SlowOperations));
        Assert.NotNull(Find(Days.Many(5, 100), BottleneckKinds.SlowOperations));
    }

    [Fact]
    public void Durations_near_the_limit_ask_to_be_counted()
    {
        var near = Days.Input([.. Days.Many(80, 1), .. Days.Many(20, 30.1)]);
        Assert.Equal([MetricType.ModelOperation], SlowOperationsRule.NeedCounting(near));
        var far = Days.Input([.. Days.Many(80, 1), .. Days.Many(20, 31)]);
        Assert.Empty(SlowOperationsRule.NeedCounting(far));
        Assert.Empty(SlowOperationsRule.NeedCounting(Days.Input([.. Days.Many(80, 1), .. Days.Many(20, 29)])));
    }

    [Fact]
    public void A_count_from_the_rows_stands_over_the_sketch()
    {
        List<Operation> operations = [.. Days.Many(89, 1), .. Days.Many(11, 45)];
        AnalysisInput Counted(long slow) => new(Days.Now, new(), Days.Groups(operations)) { SlowOperationsCounted = new Dictionary<MetricType, long> { [MetricType.ModelOperation] = slow } };
        Assert.Empty(new SlowOperationsRule().Find(Counted(10)));
        Assert.Single(new SlowOperationsRule().Find(Counted(12)));
    }

    [Fact]
    public void A_failure_rate_above_the_limit_is_a_bottleneck_and_one_at_the_limit_is_not()
    {
        var found = Find([.. Days.Many(94, 1), .. Days.Many(6, 1, name: "load", status: OperationStatus.Failed)], BottleneckKinds.HighFailureRate);
        Assert.Equal(0.06, found!.Value, 10);
        Assert.Equal("load", found.OperationName);
        Assert.Equal(Severity.Warning, found.Severity);

        Assert.Null(Find([.. Days.Many(95, 1), .. Days.Many(5, 1, status: OperationStatus.Failed)], BottleneckKinds.HighFailureRate));
    }

    [Fact]
    public void Cancelled_and_abandoned_operations_are_no_failures()
    {
        Assert.Null(Find(
            [.. Days.Many(50, 1), .. Days.Many(50, 1, status: OperationStatus.Cancelled), .. Days.Many(50, 1, status: OperationStatus.Abandoned)],
            BottleneckKinds.HighFailureRate));
    }

    [Fact]
    public void Four_failures_of_four_are_too_few_to_speak_of_a_rate()
    {
        Assert.Null(Find(Days.Many(4, 1, status: OperationStatus.Failed), BottleneckKinds.HighFailureRate));
        Assert.Equal(Severity.Critical, Find(Days.Many(5, 1, status: OperationStatus.Failed), BottleneckKinds.HighFailureRate)!.Severity);
    }

    [Theory]
    [InlineData(ResourceMetric.CpuPercent, BottleneckKinds.HighCpu, 80)]
    [InlineData(ResourceMetric.MemoryPercent, BottleneckKinds.HighMemory, 85)]
    [InlineData(ResourceMetric.GpuMemoryPercent, BottleneckKinds.HighGpuMemory, 90)]
    public void A_resource_above_its_limit_for_more_than_the_share_of_the_time_is_a_bottleneck(ResourceMetric metric, string kind, double limit)
    {
        // 150 of 600 minutes are a quarter, 114 are 19 %.
        var from = Days.Now.AddMinutes(-150);
        var busy = Find(Days.Measured(metric, 10, at => at > from ? limit + 1 : 10), kind);
        Assert.Equal(0.25, busy!.Value, 2);
        Assert.Equal(Days.Host, busy.Source);
        Assert.InRange(busy.Since!.Value, from.AddMinutes(-1), from.AddMinutes(1));
        Assert.Single(busy.Evidence.Stretches);

        Assert.Null(Find(Days.Measured(metric, 10, at => at > Days.Now.AddMinutes(-114) ? limit + 1 : 10), kind));
        Assert.Null(Find(Days.Measured(metric, 10, _ => limit), kind));
    }

    [Fact]
    public void Sampling_each_second_in_a_busy_quarter_of_an_hour_changes_no_verdict()
    {
        var resources = new MemoryResources();
        var busyFrom = Days.Now.AddMinutes(-15);
        resources.Fill(Days.Host, new(Days.Now.AddHours(-5), busyFrom), TimeSpan.FromSeconds(30), ResourceMetric.CpuPercent, _ => 20);
        resources.Fill(Days.Host, new(busyFrom, Days.Now), TimeSpan.FromSeconds(1), ResourceMetric.CpuPercent, _ => 99);

        // By samples: 899 of 1,468 are busy. By time: 15 of 300 minutes.
        var host = resources.Host(Days.Host);
        Assert.InRange(ResourcePressureRule.Cpu.Measure(host, new()).Share, 0.045, 0.055);
        Assert.Null(Find(host, BottleneckKinds.HighCpu));
    }

    [Fact]
    public void A_minute_counts_by_the_time_that_was_measured_in_it()
    {
        // A quarter of the minutes is busy, but only five seconds of each were measured.
        var resources = new MemoryResources();
        for (int minute = 0; minute < 100; minute++)
        {
            bool isBusy = minute % 4 == 0;
            resources.Add(
                new ResourceSample(Days.Host, Days.Now.AddMinutes(-minute)) { [ResourceMetric.CpuPercent] = isBusy ? 95 : 5 },
                TimeSpan.FromSeconds(isBusy ? 5 : 60));
        }

        var host = resources.Host(Days.Host);
        Assert.Equal(125.0 / 4625, ResourcePressureRule.Cpu.Measure(host, new()).Share, 9);
        Assert.Null(Find(host, BottleneckKinds.HighCpu));
    }

    [Fact]
    public void Four_measured_minutes_are_too_few_for_a_verdict()
    {
        Assert.Null(Find(Days.Measured(ResourceMetric.CpuPercent, 4 / 60.0, _ => 100), BottleneckKinds.HighCpu));
        Assert.NotNull(Find(Days.Measured(ResourceMetric.CpuPercent, 6 / 60.0, _ => 100), BottleneckKinds.HighCpu));
    }

    [Fact]
    public void A_pressure_that_is_over_began_with_its_first_stretch()
    {
        var first = new TimeRange(Days.Now.AddHours(-9), Days.Now.AddHours(-7));
        var second = new TimeRange(Days.Now.AddHours(-5), Days.Now.AddHours(-2));
        var found = Find(Days.Measured(ResourceMetric.CpuPercent, 10, at => first.Contains(at) || second.Contains(at) ? 95 : 5), BottleneckKinds.HighCpu)!;
        Assert.InRange(found.Since!.Value, first.From.AddMinutes(-1), first.From.AddMinutes(1));
        Assert.Equal(2, found.Evidence.Stretches.Count);
        Assert.InRange(found.Evidence.LongestStretch!.Value.Length, TimeSpan.FromMinutes(178), TimeSpan.FromMinutes(182));
    }

    [Fact]
    public void Less_free_disk_than_the_limit_is_a_bottleneck_and_the_limit_itself_is_not()
    {
        var from = Days.Now.AddMinutes(-40);
        var low = Find(Days.Measured(ResourceMetric.DiskFreeGb, 2, at => at > from ? 4.9 : 6), BottleneckKinds.LowDisk);
        Assert.Equal(4.9, low!.Value);
        Assert.InRange(low.Since!.Value, from.AddMinutes(-1), from.AddMinutes(1));
        Assert.Equal(Severity.Critical, Find(Days.Measured(ResourceMetric.DiskFreeGb, 2, _ => 0.9), BottleneckKinds.LowDisk)!.Severity);

        Assert.Null(Find(Days.Measured(ResourceMetric.DiskFreeGb, 2, _ => 5), BottleneckKinds.LowDisk));
        Assert.Null(Find(Days.Measured(ResourceMetric.DiskFreeGb, 2, at => at > from ? 6 : 1), BottleneckKinds.LowDisk));
    }

    [Fact]
    public void An_old_sample_says_nothing_about_the_disk_now()
    {
        HostResources At(int minutesAgo)
        {
            var resources = new MemoryResources();
            resources.Add(new ResourceSample(Days.Host, Days.Now.AddMinutes(-minutesAgo)) { [ResourceMetric.DiskFreeGb] = 1 }, TimeSpan.FromSeconds(30));
            return resources.Host(Days.Host);
        }

        Assert.NotNull(Find(At(10), BottleneckKinds.LowDisk));
        Assert.Null(Find(At(11), BottleneckKinds.LowDisk));
    }

    [Fact]
    public void A_host_without_sensors_and_a_portal_without_anything_have_no_bottleneck()
    {
        var resources = new MemoryResources();
        resources.Add(new ResourceSample(Days.Host, Days.Now), TimeSpan.FromSeconds(30));
        Assert.Empty(BottleneckRules.Find(Days.Input([], [resources.Host(Days.Host)])));
        Assert.Empty(BottleneckRules.Find(Days.Input([])));
    }

    [Fact]
    public void A_median_that_rose_to_the_ratio_is_a_degradation_and_one_just_below_is_not()
    {
        var before = Enumerable.Range(0, 100).Select(i => 1 + i % 10 * 0.01).ToList();
        var found = Changed(before.Select(value => value * 1.6), before)!;
        Assert.InRange(found.Value, 1.55, 1.65);
        Assert.Equal("generate", found.OperationName);
        Assert.Null(Changed(before.Select(value => value * 1.4), before));
        Assert.Null(Changed(before.Select(value => value / 1.6), before));
    }

    [Fact]
    public void Nineteen_recent_durations_are_too_few_for_a_degradation()
    {
        var before = Enumerable.Repeat(1.0, 100).ToList();
        Assert.Null(Changed(Enumerable.Repeat(3.0, 19), before));
        Assert.Equal(Severity.Critical, Changed(Enumerable.Repeat(3.1, 20), before)!.Severity);
    }

    [Fact]
    public void A_median_that_rose_by_chance_is_no_degradation()
    {
        // Half of the values are short and half long; one more on either side moves the median a hundredfold.
        var before = Enumerable.Repeat(0.1, 11).Concat(Enumerable.Repeat(10.0, 10)).ToList();
        var recent = Enumerable.Repeat(0.1, 10).Concat(Enumerable.Repeat(10.0, 11)).ToList();
        Assert.Null(Changed(recent, before));
    }

    [Fact]
    public void Among_hundreds_of_names_that_did_not_change_none_is_degraded()
    {
        var random = new Random(3);
        double[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => -8 * Math.Log(1 - random.NextDouble()))];
        var input = new AnalysisInput(Days.Now, new(), [])
        {
            Recent =
            [
                .. Enumerable.Range(0, 400).Select(i =>
                    new RecentChange(MetricType.ModelOperation, $"name {i}", Days.Figures(Draw(60)), Days.Figures(Draw(180)), Days.Now.AddHours(-6))),
            ],
        };
        Assert.Empty(new DegradationRule().Find(input));
        Assert.Contains(input.Recent, change => MannWhitney.Compare(change.Recent.Durations, change.Before.Durations)!.Value is { PValue: < 0.01, Superiority: > 0.5 }
            && change.Recent.Quantile(0.5) / change.Before.Quantile(0.5) >= 1.5);
    }

    [Fact]
    public void Names_that_run_too_rarely_to_be_judged_alone_are_judged_together_at_the_same_mix()
    {
        RecentChange Rare(int i, double factor, int recent, int before) =>
            new(MetricType.DownloadOperation, $"model {i}", Days.Figures(Spread(recent, factor * (i + 1))), Days.Figures(Spread(before, i + 1)), Days.Now.AddHours(-6));
        Bottleneck? Of(Func<int, RecentChange> name) => new DegradationRule().Find(new AnalysisInput(Days.Now, new(), []) { Recent = [.. Enumerable.Range(0, 30).Select(name)] }).SingleOrDefault();

        var slower = Of(i => Rare(i, 1.8, 3, 5))!;
        Assert.Equal((MetricType.DownloadOperation, null), (slower.MetricType, slower.OperationName));
        Assert.InRange(slower.Value, 1.75, 1.85);
        Assert.StartsWith("Durations of 30 names of downloads that run too rarely to be judged alone are +", slower.Sentence, StringComparison.Ordinal);

        // The long ones run more often and the short ones less: the median of all rises five times, no name changed.
        Assert.Null(Of(i => Rare(i, 1, i > 20 ? 15 : 1, i > 20 ? 1 : 15)));
    }

    private static IEnumerable<double> Spread(int count, double center) => Enumerable.Range(0, count).Select(i => center * (0.875 + 0.25 * i / Math.Max(1, count - 1)));

    private static Bottleneck? Changed(IEnumerable<double> recent, IEnumerable<double> before) =>
        new DegradationRule().Find(new AnalysisInput(Days.Now, new(), [])
        {
            Recent = [new(MetricType.ModelOperation, "generate", Days.Figures(recent), Days.Figures(before), Days.Now.AddHours(-6))],
        }).SingleOrDefault();

    private static Bottleneck? Find(IEnumerable<Operation> operations, string kind) =>
        BottleneckRules.Find(Days.Input(operations)).SingleOrDefault(bottleneck => bottleneck.Kind == kind);

    private static Bottleneck? Find(HostResources host, string kind) =>
        BottleneckRules.Find(Days.Input([], [host])).SingleOrDefault(bottleneck => bottleneck.Kind == kind);
}
