using PerfPortal.Domain.Statistics.Anomalies;
using Xunit;

namespace PerfPortal.Tests.Statistics.Anomalies;

public sealed class SeriesDetectorTests
{
    private const int Day = 288;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    [Fact]
    public void The_novelty_is_the_smallest_weighted_distance_to_an_earlier_stretch()
    {
        const int Window = 4;
        var random = new Random(1);
        var past = new RecentValues(64);
        var novelty = new ShapeNovelty(64, Window);
        var values = new List<double>();
        for (int t = 0; t < 200; t++)
        {
            double value = random.NextDouble();
            float? found = novelty.Add(past.Span, (float)value);
            past.Push((float)value);
            values.Add(value);
            double? expected = t < 100 ? found : Enumerable.Range((2 * Window) + 1, 64 - (2 * Window))
                .Min(lag => Math.Sqrt(Enumerable.Range(0, t - lag + 1).Sum(k => Math.Pow(1 - (1.0 / Window), k) / Window * Math.Pow(values[t - k] - values[t - k - lag], 2))));
            if (expected is { } known)
            {
                Assert.Equal(known, found!.Value, 1e-3);
            }
        }
    }

    [Fact]
    public void The_evidence_of_a_tail_is_the_logarithm_of_the_share_that_is_larger()
    {
        // Pareto with exponent 2: one in a hundred is above 10, one in a million above 1,000.
        var random = new Random(2);
        var tail = new TailModel(memory: 1e9);
        for (int i = 0; i < 100_000; i++)
        {
            tail.Add(1 / Math.Sqrt(1 - random.NextDouble()));
        }

        Assert.Equal(1, tail.Evidence(Math.Sqrt(10)), 0.1);
        Assert.Equal(2, tail.Evidence(10), 0.15);
        Assert.Equal(6, tail.Evidence(1000), 0.8);
        Assert.Equal(0, new TailModel(100).Evidence(5));
    }

    [Fact]
    public void A_strange_hour_in_a_daily_pattern_is_one_alarm_and_the_pattern_is_none()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 10 * Day).Select(t => 50 + (40 * Math.Sin(2 * Math.PI * t / Day)) + random.NextDouble())];
        for (int t = 8 * Day; t < (8 * Day) + 12; t++)
        {
            values[t] += 30;
        }

        var detector = new SeriesDetector(Step);
        var scores = values.Select(detector.Add).ToList();
        var strong = Enumerable.Range(3 * Day, values.Length - (3 * Day)).Where(t => scores[t].Evidence >= SeriesDetector.AlarmEvidence).ToList();
        Assert.NotEmpty(strong);
        Assert.All(strong, t => Assert.InRange(t, 8 * Day, (8 * Day) + 60));
        Assert.Equal(1, Enumerable.Range(8 * Day, 60).Count(t => scores[t].IsAlarm));
        Assert.DoesNotContain(scores.Take(SeriesDetector.DefaultWarmUp), score => score.IsAlarm);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public void Awkward_series_are_scored_between_0_and_1(int points)
    {
        double[][] series =
        [
            [.. Enumerable.Repeat(7.0, points)], [.. Enumerable.Repeat(double.NaN, points)], [.. Enumerable.Range(0, points).Select(i => -1e30 * i)],
            [.. Enumerable.Range(0, points).Select(i => i % 3 == 0 ? double.NaN : i % 7)], [.. Enumerable.Range(0, points).Select(i => i == points - 1 ? double.PositiveInfinity : 0)],
        ];
        foreach (double[] values in series)
        {
            var detector = new SeriesDetector(Step);
            Assert.All(values.Select(detector.Add).ToList(), score => Assert.InRange(score.Score, 0, 1));
        }

        Assert.DoesNotContain(Scores(series[0]), score => score.IsAlarm || score.Evidence > 1);
    }

    [Fact]
    public void The_same_series_has_the_same_scores()
    {
        var random = new Random(4);
        double[] values = [.. Enumerable.Range(0, 6000).Select(_ => random.NextDouble())];
        Assert.Equal(Scores(values), Scores(values));
    }

    [Fact]
    public void A_whole_series_has_its_unusual_stretch_and_too_few_points_have_none()
    {
        var random = new Random(5);
        double[] values = [.. Enumerable.Range(0, 3000).Select(t => Math.Sin(t / 20.0) + (0.1 * random.NextDouble()))];
        for (int t = 2000; t < 2020; t++)
        {
            values[t] = 4;
        }

        var found = Assert.Single(UnusualStretch.Find(values, Step, CancellationToken.None), stretch => stretch.Score > 0.5);
        Assert.InRange(found.First, 2000, 2010);
        Assert.Empty(UnusualStretch.Find([], Step, CancellationToken.None));
        Assert.Empty(UnusualStretch.Find(values.AsSpan(0, 80), Step, CancellationToken.None));
        Assert.Equal(80, UnusualStretch.WarmUp(80));
    }

    private static List<SeriesScore> Scores(double[] values)
    {
        var detector = new SeriesDetector(Step);
        return [.. values.Select(detector.Add)];
    }
}
