using PerfPortal.Server.Hosting;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class GateVerbTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Theory]
    [InlineData(1.0, GateVerb.Passed, "Passed: 1 of 1 names judged.")]
    [InlineData(1.4, GateVerb.Regressed, "Regressed.")]
    public async Task A_deployment_passes_or_is_stopped(double factor, int code, string last)
    {
        await using var portal = await PortalFactory.StartAsync();
        await ReportAsync(portal, 60, 2, 3.0, 1);
        await ReportAsync(portal, 60, 1, 3.0 * factor, 1);
        var (exit, output, error) = await RunAsync(portal, "--window", "1h");
        Assert.Equal((code, ""), (exit, error));
        Assert.EndsWith(last + Environment.NewLine, output, StringComparison.Ordinal);
        Assert.Contains("generate", output, StringComparison.Ordinal);
        Assert.Contains("α = 0.01", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_operations_are_an_exit_code_of_their_own()
    {
        await using var portal = await PortalFactory.StartAsync();
        await ReportAsync(portal, 3, 1, 3, 1);
        Assert.Equal(GateVerb.InsufficientData, (await RunAsync(portal)).Code);
        await using var empty = await PortalFactory.StartAsync();
        Assert.Equal(GateVerb.InsufficientData, (await RunAsync(empty)).Code);
    }

    [Theory]
    [InlineData("--window is missing a value", "--window needs a value.", "--window")]
    [InlineData("unknown option", "--widow is not an option.", "--widow", "1h")]
    [InlineData("bad range", "answered 400", "--window", "soon")]
    [InlineData("no pinned baseline", "No baseline is pinned.", "--baseline", "pinned")]
    public async Task A_question_that_cannot_be_asked_says_why(string what, string error, params string[] args)
    {
        await using var portal = await PortalFactory.StartAsync();
        var result = await RunAsync(portal, args);
        Assert.True(result.Code == GateVerb.Failed, what);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_portal_the_gate_fails()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(GateVerb.Failed, await GateVerb.RunAsync([], output, error));
        Assert.StartsWith("--to is missing.", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(GateVerb.Failed, await GateVerb.RunAsync(["--to", "portal"], output, error));
        Assert.Equal(GateVerb.Failed, await GateVerb.RunAsync(["--to", "http://127.0.0.1:1"], output, error));
    }

    [Fact]
    public async Task The_least_detectable_change_shrinks_with_more_operations()
    {
        await using var portal = await PortalFactory.StartAsync();
        await ReportAsync(portal, 20, 2, 3, 1, "few");
        await ReportAsync(portal, 20, 1, 3, 1, "few");
        await ReportAsync(portal, 400, 2, 3, 1, "many");
        await ReportAsync(portal, 400, 1, 3, 1, "many");
        var items = (await portal.Client.GetAsync("benchmarks?window=1h&fail_on=regressed")).Expect(200)["items"];
        double few = items[0].GetProperty("least_detectable_change").GetDouble();
        double many = items[1].GetProperty("least_detectable_change").GetDouble();
        Assert.InRange(few, 0.3, 1.5);
        Assert.InRange(many, 0.05, 0.2);
    }

    /// <summary>Operations of the hour so many hours ago, whose durations spread evenly by half.</summary>
    private static async Task ReportAsync(PortalFactory portal, int count, int hoursAgo, double seconds, double spread, string name = "generate") =>
        (await portal.Client.PostAsync("operations/batch", Enumerable.Range(0, count).Select(i => new
        {
            metric_type = "model_operation",
            operation_name = name,
            end_time = Now.AddHours(-hoursAgo).AddMinutes(2 + (56.0 * i / count)),
            duration_seconds = seconds * (1 + (spread * ((i * 7 % count / (double)count) - 0.5))),
            start_time = Now.AddHours(-hoursAgo).AddMinutes(2 + (56.0 * i / count)).AddSeconds(-seconds * (1 + (spread * ((i * 7 % count / (double)count) - 0.5)))),
            success = true,
        }))).Expect(200);

    private static async Task<(int Code, string Output, string Error)> RunAsync(PortalFactory portal, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var handler = portal.Server.CreateHandler();
        int code = await GateVerb.RunAsync(["--to", "http://localhost", .. args], output, error, handler);
        return (code, output.ToString(), error.ToString());
    }
}
