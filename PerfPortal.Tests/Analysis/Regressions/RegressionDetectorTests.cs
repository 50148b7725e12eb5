using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Regressions;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using Xunit;

namespace PerfPortal.Tests.Analysis.Regressions;

/// <summary>The detector over operations in memory: three days of a name that runs once a minute.</summary>
public sealed class RegressionDetectorTests
{
    private static readonly DateTimeOffset Begin = Days.Now.AddHours(-6);

    private readonly FakeTimeProvider _time = new(Days.Now);
    private readonly MemoryOperations _operations = new();
    private readonly List<KnownEvent> _events = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deployment_that_slows_a_name_is_found_with_its_evidence_and_its_causes()
    {
        Fill("llama", at => at >= Begin ? 4.5 : 3, at => at >= Begin ? "2.0" : "1.0");
        Fill("other", _ => 1, _ => "1.0");
        _events.Add(new("marker", Begin.AddMinutes(-2), "deploy 2.0 was reported as a marker.", null));
        _events.Add(new("settings", Begin.AddMinutes(1), "admin changed slow_operation_seconds from 30 to 20.", null));
        var found = Assert.Single(await ObserveAsync());
        Assert.Equal((FindingKind.Regression, "llama", FindingMeasures.Duration, "ratio"), (found.Kind, found.Subject.Name, found.Subject.Measure, found.Unit));
        Assert.InRange(Begin, found.SinceLow, found.SinceHigh);
        Assert.Equal(0.5, found.Size, 0.1);
        Assert.Null(found.Until);
        Assert.StartsWith("The median duration of llama rose from ", found.Sentence, StringComparison.Ordinal);
        Assert.Equal(3, Number(found, "p50_before"), 0.3);
        Assert.Equal(4.5, Number(found, "p50_after"), 0.3);
        Assert.Equal(90, found.Impact, 15.0);
        Assert.Equal(["metadata", "marker", "settings"], found.Causes.Select(cause => cause.Kind));
        Assert.Equal("model_version is \"2.0\" in 100 % of the operations since, and was in 0 % of those before.", found.Causes[0].Text);
    }

    [Fact]
    public async Task A_regression_without_a_known_cause_says_since_when_who_was_running_and_what_to_do()
    {
        Fill("llama", at => at >= Begin ? 4.5 : 3, _ => "1.0");
        Fill("other", _ => 1, _ => "1.0");
        var found = Assert.Single(await ObserveAsync());
        Assert.Empty(found.Causes);
        Assert.EndsWith($" at {Moments.Text(found.Since)}.", found.Sentence, StringComparison.Ordinal);
        Assert.Matches(@"^It ran on [\w-]+; beside it ran other \(\d+ % of all operation time\) when it began\.$", found.Running);
        Assert.Equal(
            $"No version, host, load or marker changed with it: check what was changed between {Moments.Text(found.SinceLow)} and {Moments.Text(found.SinceHigh)}, and look at the slowest operations since.", found.Action);
        Assert.Equal(5, found.Operations.Count);
        Assert.Equal(found.Operations.OrderByDescending(operation => operation.DurationSeconds), found.Operations);
    }

    [Fact]
    public async Task More_of_a_slow_name_is_no_regression()
    {
        Fill("fast", _ => 1, _ => "1.0");
        Fill("slow", _ => 9, _ => "1.0", at => at >= Begin ? 10 : 1);
        Assert.Empty(await ObserveAsync());
    }

    [Fact]
    public async Task A_second_look_in_the_same_minute_says_the_same_and_without_operations_there_is_nothing()
    {
        Assert.Empty(await ObserveAsync());
        Fill("llama", at => at >= Begin ? 4.5 : 3, _ => "1.0");
        var detector = Detector();
        var request = new DetectionRequest(Days.Now, new PerformanceThresholds());
        var first = Assert.Single(await detector.ObserveAsync(request, Cancel));
        var second = Assert.Single(await detector.ObserveAsync(request, Cancel));
        Assert.Equal((first.Since, first.Sentence, first.Size), (second.Since, second.Sentence, second.Size));
    }

    private static double Number(FindingObservation found, string name) => found.Evidence.Single(number => number.Name == name).Value;

    private Task<IReadOnlyList<FindingObservation>> ObserveAsync() => Detector().ObserveAsync(new(Days.Now, new PerformanceThresholds()), Cancel);

    private RegressionDetector Detector()
    {
        var horizons = Days.Horizons(_time);
        var series = new SeriesReader(_operations.Statistics(_time), new MemoryResources(), horizons, _time);
        return new(series, _operations, new Events(_events));
    }

    private void Fill(string name, Func<DateTimeOffset, double> median, Func<DateTimeOffset, string> version, Func<DateTimeOffset, int>? count = null)
    {
        var random = new Random(3);
        for (var at = Days.Now.AddDays(-3); at < Days.Now; at += TimeSpan.FromMinutes(1))
        {
            for (int i = 0; i < (count?.Invoke(at) ?? 1); i++)
            {
                double seconds = median(at) * Math.Exp(0.2 * Statistics.ChangePoints.Noise.Normal(random));
                _operations.Ended.Add(Days.Ended((Days.Now - at).TotalSeconds, seconds, name: name) with
                {
                    Metadata = Metadata.Of([new("model_version", MetadataValue.From(version(at)))]),
                });
            }
        }
    }

    private sealed class Events(List<KnownEvent> events) : IKnownEvents
    {
        public Task<IReadOnlyList<KnownEvent>> ReadAsync(TimeRange range, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<KnownEvent>>([.. events.Where(known => known.At >= range.From && known.At < range.To)]);
    }
}
