using PerfPortal.Domain.Findings;
using PerfPortal.Server.Text;
using Xunit;

namespace PerfPortal.Tests.Text;

public sealed class EvidenceTextTests
{
    [Theory]
    [InlineData(TrendDirection.Stable, -37.1, "–")]
    [InlineData(TrendDirection.Decreasing, -37.1, "−37.1 % per hour")]
    [InlineData(TrendDirection.Increasing, 1.25, "+1.3 % per hour")]
    public void A_stable_trend_has_no_slope(TrendDirection direction, double slope, string text) =>
        Assert.Equal(text, EvidenceText.Slope(new ResourceTrend("cpu", "node", direction, slope, "%", 0.4, 300, null)));

    [Theory]
    [InlineData("failure_rate", "Failure rate")]
    [InlineData("failures_looked_at", "Failures examined")]
    [InlineData("mean_duration", "Mean duration")]
    public void An_evidence_number_is_called_by_its_title(string name, string title) => Assert.Equal(title, EvidenceText.Title(name));
}
