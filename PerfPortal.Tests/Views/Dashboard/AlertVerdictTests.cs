using PerfPortal.Domain.Findings;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Dashboard;
using Xunit;

namespace PerfPortal.Tests.Views.Dashboard;

public sealed class AlertVerdictTests
{
    private static readonly FiringAlert Warning = new("a", false, "CPU is 96 %.");
    private static readonly FiringAlert Critical = new("b", true, "The disk is full.");

    [Fact]
    public void A_critical_alert_comes_before_everything_else()
    {
        var verdict = Verdict.OfIncidents(SampleAnalysis.Empty with { Bottlenecks = [SampleAnalysis.Failing(Severity.Critical)] }, [], [Critical, Warning]);
        Assert.Equal((Health.Critical, "The disk is full.", 1), (verdict.State, verdict.Sentence, verdict.More));
    }

    [Fact]
    public void A_warning_speaks_only_where_nothing_else_was_found()
    {
        Assert.Equal((Health.Warning, "CPU is 96 %."), (Verdict.OfIncidents(SampleAnalysis.Empty, [], [Warning]).State, Verdict.OfIncidents(SampleAnalysis.Empty, [], [Warning]).Sentence));
        var found = SampleAnalysis.Empty with { Bottlenecks = [SampleAnalysis.Failing(Severity.Critical)] };
        Assert.Equal(Verdict.Of(found, []), Verdict.OfIncidents(found, [], [Warning]));
    }
}
