using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis.Anomalies;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Analysis.Anomalies;

public sealed class AnomalyDetectorTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new(Days.Now);
    private readonly MemoryOperations _operations = new();
    private readonly MemoryResources _resources = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2.2, 1.5, true)]
    [InlineData(20, 19.3, true)]
    [InlineData(30, 29.3, false)]
    public async Task The_first_run_tells_what_was_unusual_in_the_last_day_with_its_dates(double fromHours, double toHours, bool isTold)
    {
        FillProcessor("gpu-1", at => IsWithin(at, fromHours, toHours) ? 98 : Usual(at));
        FillProcessor("gpu-2", Usual);
        var found = await Detector().ObserveAsync(Request(), Cancel);
        if (!isTold)
        {
            Assert.Empty(found);
            return;
        }

        var one = Assert.Single(found);
        Assert.Equal(new FindingSubject("gpu-1", null, null, "cpu_percent"), one.Subject);
        Assert.InRange((one.Since - Days.Now.AddHours(-fromHours)).TotalMinutes, -10, 10);
        Assert.InRange((one.Until!.Value - Days.Now.AddHours(-toHours)).TotalMinutes, -10, 10);
        Assert.Contains(" was at 9", one.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_problems_of_one_host_in_the_last_day_are_two_findings()
    {
        FillProcessor("gpu-1", at => IsWithin(at, 20, 19) || IsWithin(at, 5, 4) ? 98 : Usual(at));
        var found = await Detector().ObserveAsync(Request(), Cancel);
        Assert.Equal(2, found.Count);
        Assert.All(found, one => Assert.NotNull(one.Until));
    }

    [Fact]
    public async Task What_is_usual_at_its_time_of_day_is_nothing_at_the_first_run_either()
    {
        FillProcessor("gpu-1", at => at.Hour is >= 2 and < 4 ? 95 : Usual(at));
        FillNames(at => at.Hour is >= 18 and < 22 ? 3 : 1);
        Assert.Empty(await Detector().ObserveAsync(Request(), Cancel));
    }

    [Fact]
    public async Task Slow_operations_in_the_last_day_are_told_with_their_dates()
    {
        FillNames(at => IsWithin(at, 10, 7) ? 4 : 1);
        var one = Assert.Single(await Detector().ObserveAsync(Request(), Cancel));
        Assert.Equal(new FindingSubject(null, MetricType.ModelOperation, "generate", FindingMeasures.Duration), one.Subject);
        Assert.InRange((one.Since - Days.Now.AddHours(-10)).TotalMinutes, -10, 40);
        Assert.InRange((one.Until!.Value - Days.Now.AddHours(-7)).TotalMinutes, -10, 40);
    }

    [Fact]
    public async Task History_that_is_sent_after_the_first_run_is_looked_at_once_it_is_complete()
    {
        var reader = Reader();
        var detector = new AnomalyDetector(reader);
        Assert.Empty(await detector.ObserveAsync(Request(), Cancel));

        // A host and a name that were never seen before.
        FillProcessor("gpu-1", at => IsWithin(at, 2.2, 1.5) ? 98 : Usual(at));
        FillNames(at => IsWithin(at, 10, 7) ? 4 : 1);
        Commit(reader, detector);
        Assert.Empty(await detector.ObserveAsync(Request(5), Cancel));
        var found = await detector.ObserveAsync(Request(10), Cancel);
        Assert.Equal(["cpu_percent", "duration"], found.Select(one => one.Subject.Measure).Order());
        Assert.All(found, one => Assert.NotNull(one.Until));
    }

    [Fact]
    public async Task A_gap_of_a_known_host_that_is_filled_later_is_looked_at_again()
    {
        var reader = Reader();
        var detector = new AnomalyDetector(reader);
        FillProcessor("gpu-1", Usual, at => !IsWithin(at, 4, 2));
        Assert.Empty(await detector.ObserveAsync(Request(), Cancel));
        FillProcessor("gpu-1", _ => 98, at => IsWithin(at, 4, 2));
        Commit(reader, detector);
        Assert.Empty(await detector.ObserveAsync(Request(5), Cancel));
        var one = Assert.Single(await detector.ObserveAsync(Request(10), Cancel));
        Assert.InRange((one.Since - Days.Now.AddHours(-4)).TotalMinutes, -10, 10);
    }

    [Fact]
    public async Task A_problem_of_the_past_is_a_closed_finding_and_stays_the_same_after_a_restart()
    {
        FillProcessor("gpu-1", at => IsWithin(at, 20, 19.3) ? 98 : Usual(at));
        var store = new MemoryFindings();
        using var first = new FindingLedger(store);
        await first.MergeAsync([FindingKind.Anomaly], await Detector().ObserveAsync(Request(), Cancel), Days.Now, Cancel);
        using var second = new FindingLedger(store);
        await second.MergeAsync([FindingKind.Anomaly], await Detector().ObserveAsync(Request(30), Cancel), Days.Now.AddMinutes(30), Cancel);
        var found = Assert.Single(await second.ListAsync(Cancel));
        Assert.Equal(FindingState.Closed, found.State);
        Assert.Equal(found.Until, found.Latest.Until);
        Assert.Equal((await first.ListAsync(Cancel))[0].Id, found.Id);
    }

    private static DetectionRequest Request(int minutes = 0) => new(Days.Now.AddMinutes(minutes), PerformanceThresholds.Default);

    private static bool IsWithin(DateTimeOffset at, double fromHours, double toHours) => at > Days.Now.AddHours(-fromHours) && at <= Days.Now.AddHours(-toHours);

    private static double Usual(DateTimeOffset at) => 35 + (15 * Math.Sin(at.TimeOfDay.TotalHours / 24 * 2 * Math.PI)) + (3 * Math.Sin(at.UtcTicks / 7e9));

    private void FillProcessor(string host, Func<DateTimeOffset, double> valueAt, Func<DateTimeOffset, bool>? isMeasured = null)
    {
        for (var at = Days.Now.AddDays(-7); at <= Days.Now.AddMinutes(10); at += Step)
        {
            if (isMeasured?.Invoke(at) != false)
            {
                _resources.Add(new ResourceSample(host, at) { [ResourceMetric.CpuPercent] = valueAt(at) }, Step);
            }
        }
    }

    private void FillNames(Func<DateTimeOffset, double> factor)
    {
        var random = new Random(3);
        for (var at = Days.Now.AddDays(-7); at <= Days.Now.AddMinutes(10); at += Step)
        {
            double slow = factor(at);
            _operations.Ended.AddRange(Enumerable.Range(0, 4).Select(i => Days.Ended((Days.Now - at).TotalSeconds + i, 2 * slow * Math.Exp(0.2 * (random.NextDouble() - 0.5)))));
        }
    }

    private void Commit(SeriesReader reader, AnomalyDetector detector)
    {
        var samples = Enumerable.Range(0, 12).Select(i => new ResourceSample("gpu-1", Days.Now.AddHours(-i * 14))).ToList();
        foreach (var listener in new Domain.Journal.ICommitListener[] { reader, detector })
        {
            listener.OnCommitted(new([.. _operations.Ended.Where((_, i) => i % 500 == 0)], [], samples));
        }
    }

    private AnomalyDetector Detector() => new(Reader());

    private SeriesReader Reader() => new(_operations.Statistics(_time), _resources, Days.Horizons(_time), _time);

    private sealed class MemoryFindings : IFindingStore
    {
        private readonly Dictionary<string, Finding> _findings = [];

        public Task<IReadOnlyList<Finding>> ReadAllAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([.. _findings.Values]);

        public Task SaveAsync(IReadOnlyCollection<Finding> written, IReadOnlyCollection<string> removedIds, CancellationToken cancellationToken)
        {
            foreach (var finding in written)
            {
                _findings[finding.Id] = finding;
            }

            return Task.CompletedTask;
        }
    }
}
