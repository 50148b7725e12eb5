using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views.Operations;
using Xunit;

namespace PerfPortal.Tests.Views.Operations;

public sealed class OperationViewTests
{
    private static OperationView Read(params (string Key, string Value)[] parameters) =>
        OperationView.Read(key => parameters.FirstOrDefault(parameter => parameter.Key == key).Value);

    [Fact]
    public void What_is_read_is_written_again()
    {
        (string, string)[] parameters =
        [
            ("metric_type", "health_check"), ("status", "failed"), ("name", "verify"), ("q", "time out"), ("min_duration_seconds", "0.5"),
            ("max_duration_seconds", "60"), ("sort", "-duration_seconds"),
        ];
        var view = Read(parameters);
        Assert.Empty(view.Errors);
        Assert.Equal(parameters, view.ToParameters().Select(parameter => (parameter.Key, parameter.Value!)));
    }

    [Fact]
    public void The_filter_asks_for_what_the_address_says()
    {
        var filter = Read(("metric_type", "model_operation"), ("q", "x"), ("min_duration_seconds", "1.5")).ToFilter("node-1");
        Assert.Equal(new() { MetricType = MetricType.ModelOperation, Source = "node-1" }, filter.Series);
        Assert.Equal(TimeSpan.FromSeconds(1.5), filter.MinDuration);
        Assert.Equal("x", filter.Text);
        Assert.False(filter.UsesSeriesOnly);
    }

    [Fact]
    public void The_default_order_is_the_latest_start_and_needs_no_parameter()
    {
        var view = Read();
        Assert.Equal(OperationOrder.StartDescending, view.Order);
        Assert.All(view.ToParameters(), parameter => Assert.Null(parameter.Value));
        Assert.False(view.IsFiltered);
    }

    [Theory]
    [InlineData("metric_type", "Download")]
    [InlineData("status", "running")]
    [InlineData("sort", "name")]
    [InlineData("min_duration_seconds", "-1")]
    [InlineData("min_duration_seconds", "NaN")]
    [InlineData("max_duration_seconds", "1e8")]
    [InlineData("max_duration_seconds", "1,5")]
    public void What_cannot_be_read_is_named_and_left_out(string key, string value)
    {
        var view = Read((key, value));
        Assert.Equal([key], view.Errors.Keys);
        Assert.All(view.ToParameters(), parameter => Assert.Null(parameter.Value));
    }

    [Fact]
    public void The_longest_duration_must_not_lie_below_the_shortest()
    {
        var view = Read(("min_duration_seconds", "10"), ("max_duration_seconds", "5"));
        Assert.True(view.Errors.ContainsKey("max_duration_seconds"));
        Assert.Equal((10, null), (view.MinSeconds, view.MaxSeconds));
    }
}
