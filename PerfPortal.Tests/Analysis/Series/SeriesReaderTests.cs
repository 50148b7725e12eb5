using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Analysis.Series;

public sealed class SeriesReaderTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new(Days.Now);
    private readonly MemoryOperations _operations = new();
    private readonly MemoryResources _resources = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steps_have_the_exact_counts_and_figures_of_the_operations_that_ended_in_them()
    {
        var random = new Random(5);
        _operations.Ended.AddRange(Enumerable.Range(0, 800).Select(_ => Days.Ended(
            random.Next(0, 7200), 1 + random.NextDouble(), name: random.Next(2) == 0 ? "a" : "b", status: random.Next(10) == 0 ? OperationStatus.Failed : OperationStatus.Succeeded)));
        var range = new TimeRange(Days.Now.AddHours(-1), Days.Now);
        var series = await Reader().ReadOperationsAsync(range, Step, SeriesFilter.Everyone, Cancel);
        Assert.Equal(["a", "b"], series.Select(one => one.Name));
        foreach (var one in series)
        {
            for (int i = 0; i < one.Points.Count; i++)
            {
                var inside = _operations.Ended.Where(operation => operation.Name == one.Name && operation.EndTime >= one.TimeOf(i) && operation.EndTime < one.TimeOf(i + 1) && operation.EndTime < range.To).ToList();
                Assert.Equal((inside.Count, inside.Count(operation => operation.Status == OperationStatus.Failed)), (one.Points[i].Finished, one.Points[i].Failed));
                if (inside.Count > 0)
                {
                    Assert.Equal(inside.Average(operation => operation.Duration!.Value.TotalSeconds), one.Points[i].Mean, 6);
                    double[] sorted = [.. inside.Select(operation => operation.Duration!.Value.TotalSeconds).Order()];
                    Assert.InRange(one.Points[i].P50, sorted[(sorted.Length - 1) / 2] * 0.98, sorted[sorted.Length / 2] * 1.02);
                }
            }
        }
    }

    [Fact]
    public async Task What_is_held_and_what_is_read_minute_by_minute_is_what_a_whole_reading_says()
    {
        var random = new Random(7);
        var reader = Reader();
        for (int minute = 0; minute < 40; minute++)
        {
            _operations.Ended.AddRange(Enumerable.Range(0, 5).Select(_ => Days.Ended(random.Next(0, 300) - (minute * 60), random.NextDouble(), name: $"n{random.Next(3)}")));
            var now = Days.Now.AddMinutes(minute);
            var range = new TimeRange(now.AddHours(-1), now);
            var held = await reader.ReadOperationsAsync(range, Step, SeriesFilter.Everyone, Cancel);
            var whole = await Reader().ReadOperationsAsync(range, Step, SeriesFilter.Everyone, Cancel);
            Assert.Equal(whole.Select(one => (one.Name, one.Start)), held.Select(one => (one.Name, one.Start)));
            Assert.All(whole.Zip(held), pair => Assert.Equal(pair.First.Points, pair.Second.Points));
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task Readers_of_short_and_long_ranges_take_turns_and_both_get_what_a_whole_reading_says()
    {
        var random = new Random(8);
        _operations.Ended.AddRange(Enumerable.Range(0, 600).Select(i => Days.Ended(random.Next(0, 4 * 3600), random.NextDouble(), name: i < 5 ? "rare" : $"n{random.Next(3)}")));
        var reader = Reader();
        for (int turn = 0; turn < 12; turn++)
        {
            var now = Days.Now.AddMinutes(turn);
            foreach (double hours in new[] { 3.5, 0.5, 1, 3.5 })
            {
                var range = new TimeRange(now.AddHours(-hours), now);
                var held = await reader.ReadOperationsAsync(range, Step, SeriesFilter.Everyone, Cancel);
                var whole = await Reader().ReadOperationsAsync(range, Step, SeriesFilter.Everyone, Cancel);
                Assert.Equal(whole.Select(one => (one.Name, one.Start)), held.Select(one => (one.Name, one.Start)));
                Assert.All(whole.Zip(held), pair => Assert.Equal(pair.First.Points, pair.Second.Points));
            }

            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task A_late_report_shows_at_once()
    {
        var reader = Reader();
        _operations.Ended.Add(Days.Ended(60, 1));
        async Task<int> CountAsync() => (await reader.ReadOperationsAsync(new(Days.Now.AddHours(-2), Days.Now), Step, SeriesFilter.Everyone, Cancel)).Sum(one => one.Points.Sum(point => point.Finished));
        Assert.Equal(1, await CountAsync());
        var late = Days.Ended(5400, 1);
        _operations.Ended.Add(late);
        Assert.Equal(1, await CountAsync());
        reader.OnCommitted(new([late], [], []));
        Assert.Equal(2, await CountAsync());

        // Even one that was not announced, after an hour.
        _operations.Ended.Add(Days.Ended(5000, 1));
        Assert.Equal(2, await CountAsync());
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task Resources_are_means_by_time_and_not_measured_is_no_number()
    {
        var range = new TimeRange(Days.Now.AddHours(-3), Days.Now.AddHours(-1));
        _resources.Fill("gpu-1", range, TimeSpan.FromSeconds(30), ResourceMetric.CpuPercent, at => at.Minute % 2 == 0 ? 20 : 40);
        var cpu = Assert.Single(await Reader().ReadResourcesAsync("gpu-1", new(Days.Now.AddHours(-4), Days.Now), TimeSpan.FromMinutes(10), Cancel));
        Assert.Equal(ResourceMetric.CpuPercent, cpu.Metric);
        for (int i = 0; i < cpu.Values.Count; i++)
        {
            if (cpu.TimeOf(i) >= range.From && cpu.TimeOf(i + 1) <= range.To)
            {
                Assert.Equal(30, cpu.Values[i], 6);
            }
            else if (cpu.TimeOf(i + 1) < range.From || cpu.TimeOf(i) > range.To)
            {
                Assert.True(double.IsNaN(cpu.Values[i]));
            }
        }
    }

    [Fact]
    public async Task Nothing_gives_no_series_and_an_odd_step_is_refused()
    {
        Assert.Empty(await Reader().ReadOperationsAsync(new(Days.Now.AddHours(-1), Days.Now), Step, SeriesFilter.Everyone, Cancel));
        Assert.Empty(await Reader().ReadResourcesAsync("none", new(Days.Now.AddHours(-1), Days.Now), Step, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Reader().ReadOperationsAsync(new(Days.Now.AddHours(-1), Days.Now), TimeSpan.FromMinutes(7), SeriesFilter.Everyone, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Reader().ReadOperationsAsync(new(Days.Now.AddHours(-1), Days.Now), TimeSpan.FromSeconds(30), SeriesFilter.Everyone, Cancel));
    }

    private SeriesReader Reader()
    {
        var horizons = Days.Horizons(_time);
        return new(_operations.Statistics(_time), _resources, horizons, _time);
    }
}
