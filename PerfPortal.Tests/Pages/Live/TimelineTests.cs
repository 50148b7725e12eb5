using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Live;
using PerfPortal.Server.Views.Operations;
using Xunit;
using static PerfPortal.Tests.Views.Operations.SampleOperations;

namespace PerfPortal.Tests.Pages.Live;

public sealed class TimelineTests
{
    private readonly Timeline _timeline = new(TimeSpan.FromSeconds(100));

    [Fact]
    public void Operations_that_overlap_are_in_different_rows_and_others_share_one()
    {
        _timeline.Arrange([], [Bar(1, -90, -60), Bar(2, -70, -40), Bar(3, -50, -20)], Noon);
        var lane = Assert.Single(_timeline.Lanes);
        Assert.Equal([0, 1, 0], lane.Bars.Select(bar => bar.Row));
        Assert.Equal(2, lane.Rows);
    }

    [Fact]
    public void A_bar_covers_its_time_and_moves_left_as_time_passes()
    {
        _timeline.Arrange([], [Bar(1, -50, -25)], Noon);
        var bar = _timeline.Lanes[0].Bars[0];
        Assert.Equal((50, 25), (bar.Left + _timeline.ShiftAt(Noon), bar.Width));
        Assert.Equal(40, bar.Left + _timeline.ShiftAt(Noon.AddSeconds(10)));
    }

    [Fact]
    public void A_bar_keeps_its_position_when_the_timeline_is_arranged_again()
    {
        _timeline.Arrange([], [Bar(1, -50, -25)], Noon);
        var before = _timeline.Lanes[0].Bars[0];
        _timeline.Arrange([], [Bar(1, -50, -25)], Noon.AddSeconds(20));
        Assert.Equal(before, _timeline.Lanes[0].Bars[0]);
    }

    [Fact]
    public void A_running_operation_reaches_the_right_edge_for_as_long_as_the_anchor_stays()
    {
        _timeline.Arrange([Active(1, -5000)], [], Noon);
        var bar = _timeline.Lanes[0].Bars[0];
        Assert.Equal(0, bar.Left + _timeline.ShiftAt(Noon));
        Assert.True(bar.Left + bar.Width + _timeline.ShiftAt(Noon.AddSeconds(999)) >= 100);
        _timeline.Arrange([Active(1, -5000)], [], Noon.AddSeconds(1000));
        Assert.Equal(Noon.AddSeconds(1000), _timeline.Anchor);
    }

    [Fact]
    public void An_operation_keeps_its_row_when_those_above_it_are_gone()
    {
        _timeline.Arrange([Active(2, -70)], [Bar(1, -90, -60)], Noon);
        Assert.Equal(1, Row(2));
        _timeline.Arrange([Active(2, -70), Active(3, 45)], [Bar(1, -90, -60)], Noon.AddSeconds(50));
        Assert.Equal((1, 0), (Row(2), Row(3)));
    }

    [Fact]
    public void What_ended_before_the_span_is_left_out()
    {
        _timeline.Arrange([], [Bar(1, -150, -101), Bar(2, -150, -99)], Noon);
        Assert.Equal([Id(2)], _timeline.Operations.Select(operation => operation.Id));
    }

    [Fact]
    public void An_operation_that_is_both_running_and_ended_has_one_bar()
    {
        _timeline.Arrange([Active(1, -50)], [Bar(1, -50, -1)], Noon);
        Assert.Single(_timeline.Lanes[0].Bars);
    }

    [Fact]
    public void Two_hundred_operations_of_one_source_at_once_have_a_limited_number_of_rows_and_the_others_are_counted()
    {
        _timeline.Arrange(Enumerable.Range(1, 200).Select(i => Active(i, -i)), [], Noon);
        var lane = Assert.Single(_timeline.Lanes);
        Assert.Equal((Timeline.MaxRows, 200 - Timeline.MaxRows, Timeline.MaxRows), (lane.Rows, lane.Hidden, lane.Bars.Count));
    }

    [Fact]
    public void Thirty_sources_have_a_lane_each_in_the_order_of_their_names()
    {
        _timeline.Arrange(Enumerable.Range(1, 200).Select(i => Active(i, -i, $"node-{i % 30:00}")), [], Noon);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"node-{i:00}"), _timeline.Lanes.Select(lane => lane.Source));
        Assert.Equal(0, _timeline.HiddenLanes);
    }

    [Fact]
    public void Of_too_many_sources_those_with_running_operations_are_shown_and_the_others_counted()
    {
        var ended = Enumerable.Range(1, 60).Select(i => Bar(i, -50, -40, $"a-{i:00}"));
        _timeline.Arrange([Active(100, -10, "z")], ended, Noon);
        Assert.Equal((Timeline.MaxLanes, 61 - Timeline.MaxLanes, "z"), (_timeline.Lanes.Count, _timeline.HiddenLanes, _timeline.Lanes[^1].Source));
    }

    [Theory]
    [InlineData("gpu-7", "gpu-7")]
    [InlineData("worker-node-0004.eu-central.example.internal", "worker-node-0004…")]
    [InlineData("acme-research-cluster-worker-0017", "acme-researc…worker-0017")]
    public void A_long_source_keeps_what_tells_it_apart(string source, string label) => Assert.Equal(label, Timelines.Label(source));

    private int Row(int number) => _timeline.Lanes.SelectMany(lane => lane.Bars).Single(bar => bar.Operation.Id == Id(number)).Row;

    private static Operation Bar(int number, int start, int end, string source = "alpha") =>
        Ended(number, source: source) with { StartTime = Noon.AddSeconds(start), EndTime = Noon.AddSeconds(end) };

    private static ActiveRow Active(int number, int start, string source = "alpha") =>
        new(Running(number, source: source) with { StartTime = Noon.AddSeconds(start) }, null, null);
}
