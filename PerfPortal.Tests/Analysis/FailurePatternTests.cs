using PerfPortal.Domain.Analysis.Failures;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Analysis;

public sealed class FailurePatternTests
{
    [Theory]
    [InlineData("Timed out after 30 s at 10.0.0.7:443", "Timed out after # s at #")]
    [InlineData("Cannot open 'a model.gguf': no such file", "Cannot open '…' no such file")]
    [InlineData("It's full", "It's full")]
    [InlineData("first line\nat line 12", "first line")]
    [InlineData(null, "")]
    public void A_template_leaves_out_what_varies(string? message, string template) => Assert.Equal(template, FailurePatterns.TemplateOf(message));

    [Fact]
    public async Task Failures_that_are_alike_are_one_pattern()
    {
        var operations = new MemoryOperations();
        Operation Failed(int secondsAgo, string type, string message, string source = Days.Host) =>
            Days.Ended(secondsAgo, 1, status: OperationStatus.Failed, source: source, error: type) with { ErrorMessage = message };
        operations.Ended.AddRange(
        [
            Failed(10, "TimeoutException", "after 30 s"), Failed(20, "TimeoutException", "after 31 s", "host-b"), Failed(30, "IOException", "after 31 s"),
            Failed(40, "TimeoutException", "after 32 s"), Failed(50, "TimeoutException", "after 33 s"), Days.Ended(5, 1),
        ]);
        var answer = await new FailurePatterns(operations).ReadAsync(
            new TimeRange(Days.Now.AddHours(-1), Days.Now), SeriesFilter.Everyone, TestContext.Current.CancellationToken);
        Assert.Equal((5, true), (answer.Examined, answer.IsComplete));
        Assert.Equal([4L, 1L], answer.Items.Select(item => item.Count));
        Assert.Equal(0.8, answer.Items[0].Share);
        Assert.Equal([Days.Host, "host-b"], answer.Items[0].Sources);
        Assert.Equal(operations.Ended[4].EndTime, answer.Items[0].FirstAt);
        Assert.Equal(3, answer.Items[0].Examples.Count);
    }

    [Fact]
    public async Task More_failures_than_the_bound_are_said_to_be_incomplete()
    {
        var operations = new MemoryOperations();
        operations.Ended.AddRange(Days.Many(FailurePatterns.MaxRows + 1, 1, status: OperationStatus.Failed));
        var answer = await new FailurePatterns(operations).ReadAsync(
            new TimeRange(Days.Now.AddDays(-1), Days.Now), SeriesFilter.Everyone, TestContext.Current.CancellationToken);
        Assert.Equal((FailurePatterns.MaxRows, false), (answer.Examined, answer.IsComplete));
    }
}
