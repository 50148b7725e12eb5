using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using Xunit;
using static PerfPortal.Tests.Journal.MemoryJournal;

namespace PerfPortal.Tests.Journal;

public sealed class StatisticsReaderTests
{
    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryJournal _store = new();
    private readonly RollupBuffer _book;

    public StatisticsReaderTests() => _book = new(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_range_grid_and_grouping_answer_as_counting_one_by_one_does(int seed)
    {
        var random = new Random(seed);
        var operations = await FillAsync(random, 800, 6 * 3600);
        var reader = Reader();
        for (int i = 0; i < 60; i++)
        {
            var from = Start.AddSeconds(-random.Next(7 * 3600)).AddTicks(random.Next(10_000_000) / 10 * 10);
            var range = new TimeRange(from, from.AddMilliseconds(1 + random.Next(1 << random.Next(5, 25))));
            var grouping = (StatisticsGrouping)random.Next(8);
            var grid = random.Next(2) == 0 ? null : BucketGrid.Over(range, 1 + random.Next(200), TimeSpan.FromMinutes(1));
            var filter = new SeriesFilter
            {
                Name = random.Next(3) == 0 ? "n1" : null,
                Source = random.Next(4) == 0 ? "s0" : null,
                MetricType = random.Next(4) == 0 ? MetricType.HealthCheck : null,
                Status = random.Next(5) == 0 ? OperationStatus.Failed : null,
            };
            var answer = await reader.ReadAsync(new(range, filter, grouping, grid), Token);
            Assert.Equal("exact", answer.Range.Resolution);
            Assert.Equal(range, answer.Range.Range);
            AssertSame(operations.Where(operation => range.Contains(operation.EndTime!.Value)), filter, grouping, grid, answer);
        }
    }

    [Fact]
    public async Task Where_rows_are_gone_the_edges_snap_to_minutes_and_where_minutes_are_gone_to_hours()
    {
        var operations = await FillAsync(new Random(9), 3000, 100 * 3600);
        await _book.FlushAsync(_store, Token);
        var horizons = new RetentionHorizons(_time, new(_ => 10, 10, 40, 1000));
        foreach (var gone in _store.Ended.Values.Where(operation => operation.EndTime < horizons.OldestRow).ToList())
        {
            _store.Ended.Remove(gone.Id);
        }

        _store.Purge(RollupResolution.Minute, RollupBuckets.Of(RollupResolution.Minute, horizons.OldestMinute));
        var reader = new StatisticsReader(_store, _book, horizons);
        foreach (var (fromHours, toHours, resolution) in new[]
        {
            (5.013, 1.007, "exact"), (30.013, 1.007, "minute"), (30.013, 20.007, "minute"), (90.013, 1.007, "hour"), (90.013, 60.007, "hour"), (90.013, 20.007, "hour"),
        })
        {
            var asked = new TimeRange(Start.AddHours(-fromHours), Start.AddHours(-toHours));
            var answer = await reader.ReadAsync(new(asked, SeriesFilter.Everyone), Token);
            Assert.Equal(resolution, answer.Range.Resolution);
            Assert.True(answer.Range.From <= asked.From && answer.Range.To >= asked.To);
            Assert.True(asked.From - answer.Range.From < TimeSpan.FromHours(1) && answer.Range.To - asked.To < TimeSpan.FromHours(1));
            AssertSame(operations.Where(operation => answer.Range.Range.Contains(operation.EndTime!.Value)), SeriesFilter.Everyone, StatisticsGrouping.None, null, answer);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task What_is_held_answers_as_what_is_read_does(int seed)
    {
        var random = new Random(seed);
        await FillAsync(random, 500, 30 * 3600);
        var horizons = new RetentionHorizons(_time, new(_ => 168, 168, 840, 19_200));
        var held = new StatisticsReader(_store, _book, horizons);
        await _book.FlushAsync(_store, Token);
        var read = new StatisticsReader(_store, new RollupBuffer(_time, cacheBytes: 0), horizons);
        for (int i = 0; i < 40; i++)
        {
            var from = Start.AddSeconds(-random.Next(31 * 3600));
            var range = new TimeRange(from, from.AddSeconds(1 + random.Next(1 << random.Next(5, 17))));
            var request = new StatisticsRequest(
                range, new() { Name = random.Next(3) == 0 ? "n1" : null }, (StatisticsGrouping)random.Next(8),
                random.Next(2) == 0 ? null : BucketGrid.Over(range, 1 + random.Next(50), TimeSpan.FromMinutes(1)), WithFacts: random.Next(2) == 0);
            var (left, right) = (await held.ReadAsync(request, Token), await read.ReadAsync(request, Token));
            Assert.Equal(right.Groups.Keys.ToHashSet(), left.Groups.Keys.ToHashSet());
            Assert.All(left.Groups.Keys, group => Assert.Equal(right.Of(group), left.Of(group)));
        }
    }

    [Fact]
    public async Task A_range_of_thousands_of_years_reads_only_what_can_be_kept()
    {
        var operations = await FillAsync(new Random(1), 100, 3600);
        var answer = await Reader().ReadAsync(new(new(DateTimeOffset.UnixEpoch, new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero)), SeriesFilter.Everyone), Token);
        var total = answer.Total;
        Assert.Equal(operations.Count, total.Count + total.Cancelled + total.Abandoned);
        Assert.InRange(_store.RollupReads, 1, 100);
    }

    [Fact]
    public async Task Where_only_hours_are_kept_a_fine_grid_becomes_one_of_hours()
    {
        var operations = await FillAsync(new Random(3), 2000, 100 * 3600);
        await _book.FlushAsync(_store, Token);
        var horizons = new RetentionHorizons(_time, new(_ => 10, 10, 40, 1000));
        _store.Purge(RollupResolution.Minute, RollupBuckets.Of(RollupResolution.Minute, horizons.OldestMinute));
        var range = new TimeRange(Start.AddHours(-60), Start.AddHours(-35));
        var answer = await new StatisticsReader(_store, _book, horizons).ReadAsync(
            new(range, SeriesFilter.Everyone, Grid: BucketGrid.Over(range, 100, TimeSpan.FromMinutes(1))), Token);
        Assert.Equal(TimeSpan.FromHours(1), answer.Grid!.Step);
        Assert.All(answer.Groups.Keys, group => Assert.InRange(group.Step, 0, answer.Grid.Count - 1));
        AssertSame(operations.Where(operation => answer.Range.Range.Contains(operation.EndTime!.Value)), SeriesFilter.Everyone, StatisticsGrouping.None, answer.Grid, answer);
    }

    [Fact]
    public async Task Days_that_are_held_take_late_reports_written_or_not()
    {
        var operations = await FillAsync(new Random(8), 1500, 6 * 86_400);
        var range = new TimeRange(Start.AddDays(-6.3), Start);
        for (int round = 0; round < 4; round++)
        {
            var answer = await Reader().ReadAsync(new(range, SeriesFilter.Everyone, StatisticsGrouping.Name), Token);
            AssertSame(operations, SeriesFilter.Everyone, StatisticsGrouping.Name, null, answer);
            int reads = _store.RollupReads;
            await Reader().ReadAsync(new(range, SeriesFilter.Everyone, StatisticsGrouping.Name), Token);
            Assert.Equal(reads, _store.RollupReads);
            var late = Op(-86_400 * (round + 1.5), 7);
            await _store.CommitAsync([new OperationEnded(late)], Token);
            _book.Add(late);
            operations.Add(late);
            AssertSame(
                operations, SeriesFilter.Everyone, StatisticsGrouping.Name, null,
                await Reader().ReadAsync(new(range, SeriesFilter.Everyone, StatisticsGrouping.Name), Token));
            if (round % 2 == 0)
            {
                await _book.FlushAsync(_store, Token);
            }
        }
    }

    [Fact]
    public async Task What_is_summed_up_takes_late_reports_before_during_and_after_their_flush()
    {
        var operations = await FillAsync(new Random(11), 300, 3 * 3600);
        await _book.FlushAsync(_store, Token);
        var range = new TimeRange(Start.AddHours(-2.7), Start);
        async Task AssertExactAsync() => AssertSame(
            operations.Where(operation => range.Contains(operation.EndTime!.Value)), SeriesFilter.Everyone, StatisticsGrouping.Source, null,
            await Reader().ReadAsync(new(range, SeriesFilter.Everyone, StatisticsGrouping.Source), Token).WaitAsync(TimeSpan.FromSeconds(30), Token));
        await AssertExactAsync();
        int reads = _store.RollupReads;
        foreach (double at in new[] { -9000.0, -4000, -95, -10 })
        {
            var late = Op(at, 200, source: "s1");
            await _store.CommitAsync([new OperationEnded(late)], Token);
            _book.Add(late);
            operations.Add(late);
            await AssertExactAsync();
        }

        Assert.Equal(reads, _store.RollupReads);
        var gate = new TaskCompletionSource();
        _store.FlushMay = gate.Task;
        var flush = _book.FlushAsync(_store, Token);
        await AssertExactAsync();
        Assert.Equal(reads, _store.RollupReads);
        gate.SetResult();
        await flush;
        await AssertExactAsync();
        Assert.True(_store.RollupReads > reads);
    }

    [Fact]
    public async Task What_is_pending_adds_up_to_the_last_digit_alike_when_pages_are_read_and_when_their_sum_is_found()
    {
        await FillAsync(new Random(13), 900, 40 * 3600);
        var request = new StatisticsRequest(new(Start.AddHours(-39.4), Start), SeriesFilter.Everyone);
        var first = (await Reader().ReadAsync(request, Token)).Total;
        Assert.True(_book.HasPending);
        Assert.Equal(first, (await Reader().ReadAsync(request, Token)).Total);
    }

    [Fact]
    public async Task A_sum_that_was_read_while_its_pages_changed_is_not_held()
    {
        var range = new TimeRange(Start.AddHours(-5), Start.AddHours(-1));
        _store.OnRollupRead = () =>
        {
            _store.OnRollupRead = () => Task.CompletedTask;
            _book.Add(Op(-3 * 3600));
            return _book.FlushAsync(_store, Token);
        };
        await Reader().ReadAsync(new(range, SeriesFilter.Everyone), Token);
        Assert.Equal(1, (await Reader().ReadAsync(new(range, SeriesFilter.Everyone), Token)).Total.Count);
    }

    [Fact]
    public async Task Sums_are_forgotten_with_what_retention_deleted_and_with_minutes_that_are_made_anew()
    {
        var range = new TimeRange(Start.AddHours(-5), Start.AddMinutes(-2));
        async Task<long> CountAsync() => (await Reader().ReadAsync(new(range, SeriesFilter.Everyone), Token)).Total.Count;
        _book.Add(Op(-3 * 3600));
        _book.Add(Op(-600));
        await _book.FlushAsync(_store, Token);
        Assert.Equal(2, await CountAsync());
        _store.Purge(RollupResolution.Hour, RollupBuckets.Of(RollupResolution.Hour, Start));
        Assert.Equal(2, await CountAsync());
        _book.Forget(RollupResolution.Hour, Start);
        Assert.Equal(1, await CountAsync());
        _store.Rebuild = _ => _store.Purge(RollupResolution.Minute, long.MaxValue);
        _book.MarkStale([RollupBuckets.Of(RollupResolution.Minute, Start.AddSeconds(-600))]);
        await _book.RebuildAsync(_store, TimeSpan.MaxValue, Token);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task An_answer_is_of_whoever_asked()
    {
        _book.Add(Op(-7200));
        await _book.FlushAsync(_store, Token);
        var request = new StatisticsRequest(new(Start.AddHours(-5), Start), SeriesFilter.Everyone);
        for (int i = 0; i < 3; i++)
        {
            var answer = await Reader().ReadAsync(request, Token);
            Assert.Equal(1, answer.Total.Count);
            answer.Groups[default].Merge(answer.Groups[default].Clone());
            Assert.Equal(2, answer.Total.Count);
        }
    }

    [Fact]
    public async Task A_range_that_ends_now_reads_no_rows_of_its_last_minute()
    {
        var operations = await FillAsync(new Random(12), 400, 1800);
        var range = new TimeRange(Start.AddMinutes(-20).AddSeconds(-30), Start.AddSeconds(1));
        var answer = await Reader().ReadAsync(new(range, SeriesFilter.Everyone, StatisticsGrouping.Name), Token);
        AssertSame(operations.Where(operation => range.Contains(operation.EndTime!.Value)), SeriesFilter.Everyone, StatisticsGrouping.Name, null, answer);
        Assert.Equal(0, _store.Scans);
    }

    [Fact]
    public async Task What_ends_later_in_the_last_minute_is_not_counted_even_when_it_comes_while_the_minute_is_read()
    {
        async Task ReportAsync(double at)
        {
            var operation = Op(at);
            await _store.CommitAsync([new OperationEnded(operation)], Token);
            _book.Add(operation);
        }

        await ReportAsync(-20);
        _store.OnRollupRead = () =>
        {
            _store.OnRollupRead = () => Task.CompletedTask;
            return ReportAsync(5);
        };
        var range = new TimeRange(Start.AddSeconds(-30), Start.AddSeconds(2));
        Assert.Equal(1, (await Reader().ReadAsync(new(range, SeriesFilter.Everyone), Token)).Total.Count);
        Assert.Equal(1, _store.Scans);
        Assert.Equal(1, (await Reader().ReadAsync(new(range, SeriesFilter.Everyone), Token)).Total.Count);
        Assert.Equal(2, _store.Scans);
    }

    [Fact]
    public async Task Facts_are_there_for_who_asks()
    {
        var operation = Op(-120) with { Metadata = Metadata.Of([new("tokens", MetadataValue.From(7L))]) };
        _book.Add(operation);
        await _book.FlushAsync(_store, Token);
        var range = new TimeRange(Start.AddHours(-3), Start);
        var with = await Reader().ReadAsync(new(range, SeriesFilter.Everyone), Token);
        Assert.Equal(7, Assert.Single(with.Groups).Value.Facts["tokens"].Sum);
        var without = await Reader().ReadAsync(new(range, SeriesFilter.Everyone, WithFacts: false), Token);
        Assert.Empty(Assert.Single(without.Groups).Value.Facts);
    }

    [Fact]
    public async Task A_grid_of_seconds_is_refused()
    {
        var range = new TimeRange(Start.AddMinutes(-1), Start);
        await Assert.ThrowsAsync<ArgumentException>(() => Reader().ReadAsync(new(range, SeriesFilter.Everyone, Grid: BucketGrid.Over(range, 60, TimeSpan.Zero)), Token));
    }

    [Fact]
    public async Task The_portals_own_operations_count_only_when_asked_for()
    {
        var own = Op(-120, source: PortalSource.Name);
        await _store.CommitAsync([new OperationEnded(own)], Token);
        _book.Add(own);
        var range = new TimeRange(Start.AddHours(-1), Start);
        Assert.Equal(0, (await Reader().ReadAsync(new(range, SeriesFilter.Everyone), Token)).Total.Count);
        Assert.Equal(1, (await Reader().ReadAsync(new(range, new() { Source = PortalSource.Name }), Token)).Total.Count);
    }

    private static void AssertSame(
        IEnumerable<Operation> operations, SeriesFilter filter, StatisticsGrouping grouping, BucketGrid? grid, StatisticsAnswer answer)
    {
        var expected = operations.Where(operation => filter.Matches(new(operation.MetricType, operation.Source, operation.Name), operation.Status))
            .GroupBy(operation => new StatisticsGroup(
                grid?.IndexOf(operation.EndTime!.Value) ?? 0,
                grouping.HasFlag(StatisticsGrouping.MetricType) ? operation.MetricType : null,
                grouping.HasFlag(StatisticsGrouping.Name) ? operation.Name : null,
                grouping.HasFlag(StatisticsGrouping.Source) ? operation.Source : null)).ToList();
        Assert.Equal(expected.Count, answer.Groups.Count);
        foreach (var group in expected)
        {
            var found = answer.Of(group.Key);
            int Count(OperationStatus status) => group.Count(operation => operation.Status == status);
            Assert.Equal(
                (Count(OperationStatus.Succeeded), Count(OperationStatus.Failed), Count(OperationStatus.Cancelled), Count(OperationStatus.Abandoned)),
                (found.Succeeded, found.Failed, found.Cancelled, found.Abandoned));
            var seconds = group.Where(operation => operation.Status is OperationStatus.Succeeded or OperationStatus.Failed)
                .Select(operation => operation.Duration!.Value.TotalSeconds).ToList();
            Assert.Equal(seconds.Count == 0 ? null : seconds.Min(), found.Min);
            Assert.Equal(seconds.Count == 0 ? null : seconds.Max(), found.Max);
            if (seconds.Count > 0)
            {
                Assert.Equal(seconds.Average(), found.Mean!.Value, 1e-6);
            }
        }
    }

    private StatisticsReader Reader() => new(_store, _book, new(_time, new(_ => 168, 168, 840, 19_200)));

    /// <summary>Half of them written, half pending; some at the very edges of minutes and hours.</summary>
    private async Task<List<Operation>> FillAsync(Random random, int count, int seconds)
    {
        var operations = new List<Operation>();
        for (int i = 0; i < count; i++)
        {
            double at = random.Next(6) == 0 ? -30 - (60 * random.Next(seconds / 60)) : -random.NextDouble() * seconds;
            operations.Add(Op(at, random.NextDouble() * 100, (OperationStatus)random.Next(1, 5), "n" + random.Next(3), "s" + random.Next(2), (MetricType)random.Next(3)));
        }

        await _store.CommitAsync([.. operations.Select(operation => new OperationEnded(operation))], Token);
        for (int i = 0; i < count; i++)
        {
            _book.Add(operations[i]);
            if (i == count / 2)
            {
                await _book.FlushAsync(_store, Token);
            }
        }

        return operations;
    }
}
