using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class ErrorTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private PortalClient Client => portal.Client;

    [Fact]
    public async Task Errors_under_api_are_problems()
    {
        (await Client.GetAsync("nothing/here")).ExpectProblem(404, "/api/v1/performance/nothing/here");
        (await Client.GetAsync("/api")).ExpectProblem(404);
        (await Client.GetAsync("/api/v2/x")).ExpectProblem(404);
        (await Client.GetAsync("metrics/walk")).ExpectProblem(404, "model_operation");
        (await Client.SendAsync(HttpMethod.Delete, "dashboard", null)).ExpectProblem(405, "GET");
        (await Client.PostTextAsync("operations", "x", "text/plain")).ExpectProblem(415, "application/json");
        (await Client.SendAsync(HttpMethod.Post, "operations", null)).ExpectProblem(415);
        (await Client.PostTextAsync("operations", "{")).ExpectProblem(400, "errors", "line 1");
        (await Client.GetAsync("metrics/model_operation?limit=0&sort=name&status=running&min_duration_seconds=-1&cursor=x&window=x"))
            .ExpectProblem(400, "/limit", "/sort", "/status", "/min_duration_seconds", "/cursor", "/window");
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/alive")]
    [InlineData("/readyz")]
    [InlineData("/health")]
    public async Task Health_is_ok(string path) => Assert.Equal("ok", (await Client.GetAsync(path)).Expect(200).Text);
}
