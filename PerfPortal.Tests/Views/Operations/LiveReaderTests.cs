using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Views.Operations;
using Xunit;
using static PerfPortal.Tests.Views.Operations.SampleOperations;

namespace PerfPortal.Tests.Views.Operations;

public sealed class LiveReaderTests
{
    private static readonly TimeRange LastHours = new(Noon.AddHours(-4), Noon.AddHours(1));
    private static readonly LiveQuery Everything = new(null, null, IncludePortal: false);

    private readonly ActiveOperations _active = new();

    [Fact]
    public async Task The_portals_own_operations_are_shown_only_when_they_are_asked_for()
    {
        Run(Running(1), Running(2, source: PortalSource.Name));
        var reader = Reader(Ended(3), Ended(4, source: PortalSource.Name));

        var without = await reader.ReadAsync(LastHours, null, Everything, TestContext.Current.CancellationToken);
        Assert.Equal([Id(1)], Ids(without));
        Assert.Equal([Id(3)], without.Ended.Select(one => one.Id));

        var with = await reader.ReadAsync(LastHours, null, Everything with { IncludePortal = true }, TestContext.Current.CancellationToken);
        Assert.Equal([Id(1), Id(2)], Ids(with));
        Assert.Equal([Id(4), Id(3)], with.Ended.Select(one => one.Id));

        var only = await reader.ReadAsync(LastHours, PortalSource.Name, Everything with { IncludePortal = true }, TestContext.Current.CancellationToken);
        Assert.Equal([Id(2)], Ids(only));
        Assert.Equal([Id(4)], only.Ended.Select(one => one.Id));
    }

    [Fact]
    public async Task A_text_filters_what_is_in_progress_before_the_rows_are_counted()
    {
        Run([.. Enumerable.Range(1, LiveReader.MaxActive + 5).Select(i => Running(i)), Running(1000, name: "the Needle")]);
        var all = await Reader().ReadAsync(LastHours, null, Everything, TestContext.Current.CancellationToken);
        Assert.Equal((LiveReader.MaxActive, LiveReader.MaxActive + 6), (all.Active.Rows.Count, all.Active.Total));

        var found = await Reader().ReadAsync(LastHours, null, Everything with { Text = "needle" }, TestContext.Current.CancellationToken);
        Assert.Equal([Id(1000)], Ids(found));
        Assert.Equal(1, found.Active.Total);
    }

    [Fact]
    public async Task The_feed_holds_the_latest_of_the_range()
    {
        var reader = Reader([.. Enumerable.Range(1, LiveReader.MaxEnded + 1).Select(i => Ended(i))]);
        var view = await reader.ReadAsync(new(Noon.AddHours(-4), Noon.AddHours(4)), null, Everything, TestContext.Current.CancellationToken);
        Assert.Equal(LiveReader.MaxEnded, view.Ended.Count);
        Assert.DoesNotContain(Id(1), view.Ended.Select(one => one.Id));
        Assert.Empty((await reader.ReadAsync(new(Noon.AddHours(-9), Noon.AddHours(-8)), null, Everything, TestContext.Current.CancellationToken)).Ended);
    }

    private static IEnumerable<Guid> Ids(LiveView view) => view.Active.Rows.Select(row => row.Operation.Id);

    private void Run(params Operation[] operations)
    {
        foreach (var operation in operations)
        {
            _active.TryAdd(operation, Noon, out _);
        }
    }

    private LiveReader Reader(params Operation[] ended)
    {
        var time = new FakeTimeProvider(Noon);
        var operations = new FakeOperations(ended);
        var statistics = new StatisticsReader(
            operations, new RollupBuffer(time), new RetentionHorizons(time, new(_ => 168, 168, 1000, 1000)));
        return new(new ActiveReader(_active, new EtaEstimator(statistics, time), time), operations, time);
    }
}
