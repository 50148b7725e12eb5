using System.Net;
using System.Text.Json;
using Xunit;

namespace PerfPortal.Tests.Security;

public sealed class LocalAccessTests
{
    private const string Read = "/api/v1/performance/dashboard";
    private const string Report = "/api/v1/performance/operations";

    [Fact]
    public async Task The_person_at_the_machine_may_do_everything_without_a_key()
    {
        await using var door = await AccessHost.LocalAsync();

        using var read = await door.SendAsync(HttpMethod.Get, Read);
        Assert.Equal("local", await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(HttpMethod.Post, Report)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(HttpMethod.Put, "/api/v1/performance/settings/thresholds")).StatusCode);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:5080", true)]
    [InlineData("127.0.0.1:5080", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("[::1]:5080", true)]
    [InlineData("portal.example", true)]
    [InlineData("portal.example:99", true)]
    [InlineData("other.example:8080", true)]
    [InlineData("other.example", false)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("evil.localhost", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("0.0.0.0", false)]
    public async Task Only_a_loopback_or_allowed_host_is_answered(string host, bool answered)
    {
        await using var door = await AccessHost.LocalAsync("portal.example", "other.example:8080");
        using var response = await door.SendAsync(HttpMethod.Get, Read, ("Host", host));
        Assert.Equal(answered ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("x-forwarded-proto", "https")]
    [InlineData("X-Forwarded-Prefix", "/portal")]
    [InlineData("X-Original-For", "192.0.2.1")]
    [InlineData("Via", "1.1 proxy.example")]
    [InlineData("x-real-ip", "192.0.2.1")]
    [InlineData("CF-Connecting-IP", "192.0.2.1")]
    [InlineData("Cdn-Loop", "cloudflare")]
    [InlineData("True-Client-IP", "192.0.2.1")]
    public async Task What_a_proxy_passed_on_is_refused(string header, string value)
    {
        await using var door = await AccessHost.LocalAsync();
        using var response = await door.SendAsync(HttpMethod.Get, Read, (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("192.0.2.1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::ffff:192.0.2.1", false)]
    public async Task Only_connections_of_this_machine_are_answered(string remote, bool answered)
    {
        await using var door = await AccessHost.LocalAsync();
        door.Remote = IPAddress.Parse(remote);
        using var response = await door.SendAsync(HttpMethod.Get, Read);
        Assert.Equal(answered ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("http://localhost", true)]
    [InlineData("http://localhost:80", true)]
    [InlineData("http://localhost:81", false)]
    [InlineData("https://localhost", false)]
    [InlineData("http://127.0.0.1", false)]
    [InlineData("http://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("nonsense", false)]
    [InlineData("file://", false)]
    public async Task A_change_is_taken_from_pages_of_this_origin_only(string origin, bool taken)
    {
        await using var door = await AccessHost.LocalAsync();
        using var response = await door.SendAsync(HttpMethod.Post, Report, ("Origin", origin));
        Assert.Equal(taken ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_foreign_origin_may_send_a_plain_GET_which_it_cannot_read()
    {
        await using var door = await AccessHost.LocalAsync();
        using var response = await door.SendAsync(HttpMethod.Get, Read, ("Origin", "http://evil.example"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_cross_site_change_without_an_origin_is_refused()
    {
        await using var door = await AccessHost.LocalAsync();
        using var response = await door.SendAsync(HttpMethod.Delete, Read, ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("cross-site", "no-cors", "image", null, false)]
    [InlineData("cross-site", "cors", "empty", null, false)]
    [InlineData("cross-site", "navigate", "iframe", null, false)]
    [InlineData("cross-site", "navigate", "object", null, false)]
    [InlineData("cross-site", "navigate", "document", "prefetch", false)]
    [InlineData("cross-site", "navigate", "document", null, true)]
    [InlineData("cross-site", "navigate", null, null, true)]
    [InlineData("same-origin", "cors", "empty", null, true)]
    [InlineData("same-site", "no-cors", "image", null, true)]
    [InlineData("none", "navigate", "document", null, true)]
    [InlineData(null, null, null, null, true)]
    public async Task A_page_of_another_site_may_link_to_the_portal_and_load_nothing_of_it_in_the_background(
        string? site, string? mode, string? target, string? purpose, bool isAnswered)
    {
        await using var door = await AccessHost.LocalAsync();
        (string Name, string? Value)[] headers = [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", target), ("Sec-Purpose", purpose)];
        using var response = await door.SendAsync(HttpMethod.Get, Read, [.. headers.Where(header => header.Value is not null).Select(header => (header.Name, header.Value!))]);
        Assert.Equal(isAnswered ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task A_web_socket_opens_for_this_origin_only(string? origin, HttpStatusCode expected)
    {
        await using var door = await AccessHost.LocalAsync();
        var context = await door.Server.SendAsync(request =>
        {
            request.Request.Method = "GET";
            request.Request.Path = "/hubs/performance";
            request.Request.Host = new("localhost");
            request.Request.Headers.Connection = "Upgrade";
            request.Request.Headers.Upgrade = "websocket";
            if (origin is not null)
            {
                request.Request.Headers.Origin = origin;
            }
        }, TestContext.Current.CancellationToken);
        Assert.Equal((int)expected, context.Response.StatusCode);
    }

    [Fact]
    public async Task A_refusal_is_problem_details()
    {
        await using var door = await AccessHost.LocalAsync();
        using var response = await door.SendAsync(HttpMethod.Get, Read, ("Host", "evil.example"));

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["type", "title", "status", "detail", "instance", "trace_id"], problem.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal((403, Read), (problem.RootElement.GetProperty("status").GetInt32(), problem.RootElement.GetProperty("instance").GetString()));
    }

    [Fact]
    public async Task The_sign_in_page_leads_on_where_no_sign_in_is_needed()
    {
        await using var door = await AccessHost.LocalAsync();
        using var response = await door.SendAsync(HttpMethod.Get, "/sign-in?return_url=%2Foperations");
        Assert.Equal("/operations", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers_and_an_endpoint_may_have_a_policy_of_its_own()
    {
        await using var door = await AccessHost.LocalAsync();
        using var page = await door.SendAsync(HttpMethod.Get, "/operations");
        using var reference = await door.SendAsync(HttpMethod.Get, "/scalar");
        using var refused = await door.SendAsync(HttpMethod.Get, "/operations", ("Host", "evil.example"));

        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("default-src 'none'", reference.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", refused.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", page.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
    }
}
