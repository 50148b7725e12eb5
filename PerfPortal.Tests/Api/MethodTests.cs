using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class MethodTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("GET", "operations", "POST")]
    [InlineData("GET", "operations/batch", "POST")]
    [InlineData("PATCH", "operations/batch", "POST")]
    [InlineData("GET", "operations/018f2f6e-7c1a-7000-8000-000000000001/complete", "POST")]
    [InlineData("GET", "OPTIMIZE/", "POST")]
    [InlineData("GET", "settings/thresholds/preview", "POST")]
    [InlineData("POST", "operations/active", "GET, HEAD")]
    [InlineData("PUT", "operations/018f2f6e-7c1a-7000-8000-000000000001", "GET, HEAD, PATCH")]
    [InlineData("DELETE", "settings/thresholds", "GET, HEAD, PUT")]
    [InlineData("POST", "/stream", "GET, HEAD")]
    [InlineData("DELETE", "/livez", "GET, HEAD")]
    public async Task The_wrong_method_on_a_known_path_is_405_with_the_right_ones(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new(method), path[0] == '/' ? path : PortalClient.Root + path);
        using var response = await portal.Client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(405, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(allowed.Split(", "), response.Content.Headers.Allow.Order(StringComparer.Ordinal));
        Assert.Contains(allowed, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_path_stays_404_for_any_method()
    {
        (await portal.Client.GetAsync("nothing")).ExpectProblem(404);
        (await portal.Client.GetAsync("operations/018f2f6e-7c1a-7000-8000-000000000001/nothing")).ExpectProblem(404);
    }
}
