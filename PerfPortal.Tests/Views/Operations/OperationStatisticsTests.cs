using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Views.Operations;
using Xunit;

namespace PerfPortal.Tests.Views.Operations;

public sealed class OperationStatisticsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly OperationFilter Text = new() { Text = "job" };

    private readonly ScannedOperations _reader = new();
    private readonly OperationStatistics _statistics;

    public OperationStatisticsTests()
    {
        var time = new FakeTimeProvider(Noon);
        var horizons = new RetentionHorizons(time, new(_ => 24, 24, 48, 96));
        _statistics = new(new StatisticsReader(_reader, new RollupBuffer(time), horizons), _reader, horizons);
    }

    private static TimeRange Hours(double from, double to) => new(Noon.AddHours(from), Noon.AddHours(to));

    [Fact]
    public async Task Rows_that_pass_are_counted_by_outcome_and_cancelled_ones_have_no_duration()
    {
        _reader.Add(Noon.AddMinutes(-50), 2, OperationStatus.Succeeded);
        _reader.Add(Noon.AddMinutes(-10), 4, OperationStatus.Failed);
        _reader.Add(Noon.AddMinutes(-5), 100, OperationStatus.Cancelled);
        var (statistics, reason, range) = await _statistics.ReadAsync(Hours(-1, 0), Text, TestContext.Current.CancellationToken);
        Assert.Null(reason);
        Assert.Equal((2, 1, 1, 1), (statistics!.Count, statistics.Succeeded, statistics.Failed, statistics.Cancelled));
        Assert.Equal(3, statistics.Mean);
        Assert.Equal(Hours(-1, 0), range.Range);
    }

    [Fact]
    public async Task The_course_adds_up_to_the_whole()
    {
        _reader.Add(Noon.AddMinutes(-50), 2, OperationStatus.Succeeded);
        _reader.Add(Noon.AddMinutes(-10), 4, OperationStatus.Failed);
        var range = Hours(-1, 0);
        var grid = _statistics.GridOver(range, 4);
        var series = await _statistics.ReadSeriesAsync(range, Text, grid, TestContext.Current.CancellationToken);
        Assert.Equal([1, 0, 0, 1], Enumerable.Range(0, grid.Count).Select(step => series.Steps!.Of(new(step, null, null, null)).Count));
        Assert.Equal(2, series.Statistics!.Count);
    }

    [Fact]
    public async Task Beyond_the_bound_nothing_is_computed_and_the_reason_is_said()
    {
        _reader.Add(Noon.AddMinutes(-1), 1, OperationStatus.Succeeded);
        _reader.Repeat = OperationStatistics.MaxRows + 100;
        var (statistics, reason, _) = await _statistics.ReadAsync(Hours(-1, 0), Text, TestContext.Current.CancellationToken);
        Assert.Null(statistics);
        Assert.Contains("500,000", reason, StringComparison.Ordinal);
        Assert.Equal(OperationStatistics.MaxRows + 1, _reader.Walked);
    }

    [Fact]
    public async Task A_range_begins_where_rows_are_kept_and_before_that_there_are_no_figures()
    {
        var (_, _, cut) = await _statistics.ReadAsync(Hours(-30, 0), Text, TestContext.Current.CancellationToken);
        Assert.Equal(Noon.AddHours(-24), cut.From);
        var (statistics, reason, _) = await _statistics.ReadAsync(Hours(-40, -30), Text, TestContext.Current.CancellationToken);
        Assert.Null(statistics);
        Assert.Contains("retention, sampling or the size limit", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_over_series_walks_no_rows_of_whole_minutes()
    {
        _reader.Add(Noon.AddMinutes(-10), 1, OperationStatus.Succeeded);
        var (statistics, reason, _) = await _statistics.ReadAsync(Hours(-1, 0), new(), TestContext.Current.CancellationToken);
        Assert.Null(reason);
        Assert.Equal(0, _reader.Walked);
        Assert.Equal(0, statistics!.Count);
    }

    [Fact]
    public void Where_only_hours_are_kept_a_step_is_an_hour() =>
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)), (_statistics.GridOver(Hours(-60, -59), 10).Step, _statistics.GridOver(Hours(-1, 0), 120).Step));

    private sealed class ScannedOperations : IOperationReader
    {
        private readonly List<Operation> _operations = [];

        public int Repeat { get; set; } = 1;

        public int Walked { get; private set; }

        public void Add(DateTimeOffset end, double seconds, OperationStatus status) => _operations.Add(new()
        {
            Id = Guid.NewGuid(),
            MetricType = MetricType.ModelOperation,
            Name = "job",
            Source = "node",
            Status = status,
            StartTime = end.AddSeconds(-seconds),
            EndTime = end,
        });

        public ValueTask ScanAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken)
        {
            foreach (var operation in Enumerable.Repeat(_operations, Repeat).SelectMany(operations => operations).Where(operation => range.Contains(operation.EndTime!.Value)))
            {
                Walked++;
                if (!each(operation))
                {
                    break;
                }
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask ReadRollupsAsync(RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Operation>> ReadRunningAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<OperationPage> ReadPageAsync(OperationQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IReadOnlyList<string> ReadSources() => throw new NotSupportedException();
    }
}
