using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Operations;
using Xunit;
using static PerfPortal.Tests.Views.Operations.SampleOperations;

namespace PerfPortal.Tests.Text;

public sealed class WordsTests
{
    [Theory]
    [InlineData(1610612736, 4294967296.0, "bytes", "1.5 of 4 GiB")]
    [InlineData(1048576, 4294967296.0, "bytes", "1 MiB of 4 GiB")]
    [InlineData(3, 12.0, "files", "3 of 12 files")]
    [InlineData(420, null, "files", "420 files")]
    [InlineData(3, 12.0, null, "3 of 12")]
    [InlineData(40, 100.0, "%", null)]
    public void Progress_is_said_in_its_unit_once(double done, double? total, string? unit, string? text) =>
        Assert.Equal(text, ProgressText.Text(new Progress(done, total, unit)));

    [Fact]
    public void Without_progress_nothing_is_said() => Assert.Null(ProgressText.Text(null));

    [Theory]
    [InlineData(2097152.0, "bytes", "2 MiB/s")]
    [InlineData(4.0, "files", "4 files/s")]
    [InlineData(0.5, "files", "30 files/min")]
    [InlineData(0.5, "%", "30 %/min")]
    [InlineData(null, "files", "–")]
    public void A_rate_is_said_in_the_unit_of_the_progress(double? rate, string unit, string text) => Assert.Equal(text, ProgressText.Rate(rate, unit));

    [Theory]
    [InlineData(0, "40 s / 2 m 05 s")]
    [InlineData(60, "0 s / 1 m 05 s")]
    [InlineData(125, "any moment")]
    public void The_time_left_counts_down_from_the_estimate(double passed, string text) =>
        Assert.Equal(text, RemainingTime.Of(Row(1) with { Eta = new Eta(40, 125) }, passed));

    [Fact]
    public void Without_an_estimate_no_time_is_made_up() => Assert.Equal("–", RemainingTime.Of(Row(1), 0));

    [Fact]
    public void The_filter_looks_at_type_name_and_error()
    {
        var query = LiveQuery.Read("download_operation", " Reset ", null);
        Assert.True(query.Matches(Ended(1, error: "ConnectionReset")));
        Assert.True(query.Matches(Running(1, name: "reset disk")));
        Assert.False(query.Matches(Running(1)));
        Assert.False(query.Matches(Running(1, name: "reset", type: MetricType.HealthCheck)));
    }

    [Fact]
    public void An_unknown_type_filters_nothing() => Assert.Equal(new LiveQuery(null, null, IncludePortal: true), LiveQuery.Read("nonsense", " ", "1"));
}
