using System.Net;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class DashboardLaneTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Short = "/api/v1/performance/dashboard";

    // Another case of the path is routed alike, but is not the short way's.
    private const string Long = "/api/v1/performance/Dashboard";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_short_way_answers_with_the_headers_of_the_long_one()
    {
        using var slow = await AskAsync(Long);
        using var quick = await AskAsync(Short);
        Assert.Equal(HttpStatusCode.OK, quick.StatusCode);
        Assert.Equal(Headers(slow), Headers(quick));
        Assert.NotEmpty(await quick.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("\"other\", {0}")]
    [InlineData("W/{0}")]
    [InlineData("*")]
    public async Task A_known_tag_gets_304_either_way(string condition)
    {
        foreach (string path in new[] { Long, Short })
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    using var whole = await AskAsync(path);
                    using var answer = await AskAsync(path, ("If-None-Match", string.Format(null, condition, whole.Headers.ETag!.Tag)));
                    return answer.StatusCode == HttpStatusCode.NotModified && answer.Headers.ETag!.Tag == whole.Headers.ETag.Tag;
                },
                "an unchanged dashboard is told by 304");
        }
    }

    [Fact]
    public async Task Another_tag_gets_the_dashboard()
    {
        using var whole = await AskAsync(Short);
        using var answer = await AskAsync(Short, ("If-None-Match", "\"another\""));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("Host", "portal.example")]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("Forwarded", "for=10.0.0.1")]
    public async Task Whom_the_door_turns_away_gets_nothing_by_the_short_way(string header, string value)
    {
        using var warm = await AskAsync(Short);
        using var answer = await AskAsync(Short, (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Another_method_or_a_failing_precondition_goes_the_long_way()
    {
        using var warm = await AskAsync(Short);
        using var post = await portal.Client.Http.PostAsync(new Uri(Short, UriKind.Relative), null, Token);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        using var failed = await AskAsync(Short, ("If-Match", "\"another\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, failed.StatusCode);
    }

    private static SortedDictionary<string, string> Headers(HttpResponseMessage answer) => new(
        answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not "ETag" and not "Content-Length")
            .ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.Ordinal), StringComparer.Ordinal);

    private async Task<HttpResponseMessage> AskAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await portal.Client.Http.SendAsync(request, Token);
    }
}
