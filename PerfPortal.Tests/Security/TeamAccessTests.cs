using System.Net;
using Xunit;

namespace PerfPortal.Tests.Security;

public sealed class TeamAccessTests
{
    private const string Read = "/api/v1/performance/dashboard";
    private const string Report = "/api/v1/performance/operations";
    private const string Thresholds = "/api/v1/performance/settings/thresholds";

    [Fact]
    public async Task Without_a_key_only_probes_and_sign_in_answer()
    {
        await using var door = await AccessHost.TeamAsync();

        foreach (string path in new[] { Read, "/api/v1/performance/forgotten", "/operations", "/nothing", "/api/nothing" })
        {
            using var closed = await door.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.Unauthorized, closed.StatusCode);
            Assert.Equal("application/problem+json", closed.Content.Headers.ContentType!.MediaType);
            Assert.Equal("Bearer", Assert.Single(closed.Headers.WwwAuthenticate).Scheme);
        }

        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(HttpMethod.Get, "/livez")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(HttpMethod.Get, "/sign-in")).StatusCode);
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + AccessHost.AdminKey, HttpStatusCode.OK)]
    [InlineData("authorization", "bearer  " + AccessHost.AdminKey, HttpStatusCode.OK)]
    [InlineData("X-Api-Key", AccessHost.AdminKey, HttpStatusCode.OK)]
    [InlineData("X-Api-Key", AccessHost.AdminKey + "x", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Basic " + AccessHost.AdminKey, HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer wrong", HttpStatusCode.Unauthorized)]
    public async Task A_key_is_taken_from_either_header(string header, string value, HttpStatusCode expected)
    {
        await using var door = await AccessHost.TeamAsync();
        using var response = await door.SendAsync(HttpMethod.Get, Read, (header, value));
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_key_opens_what_its_scopes_name_and_an_endpoint_with_two_scopes_asks_for_both()
    {
        await using var door = await AccessHost.TeamAsync();
        var reader = ("X-Api-Key", AccessHost.ReadKey);
        var admin = ("X-Api-Key", AccessHost.AdminKey);

        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(HttpMethod.Get, Read, reader)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await door.SendAsync(HttpMethod.Post, Report, reader)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await door.SendAsync(HttpMethod.Put, Thresholds, reader)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(HttpMethod.Post, Report, admin)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(HttpMethod.Put, Thresholds, admin)).StatusCode);
    }

    [Fact]
    public async Task An_endpoint_that_nobody_thought_about_is_closed_even_to_the_admin()
    {
        await using var door = await AccessHost.TeamAsync();
        using var response = await door.SendAsync(HttpMethod.Get, "/api/v1/performance/forgotten", ("X-Api-Key", AccessHost.AdminKey));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await door.SendAsync(HttpMethod.Get, "/nothing", ("X-Api-Key", AccessHost.AdminKey))).StatusCode);
    }

    [Fact]
    public async Task Proxies_and_any_host_are_welcome_with_a_key()
    {
        await using var door = await AccessHost.TeamAsync();
        door.Remote = IPAddress.Parse("192.0.2.1");
        using var response = await door.SendAsync(
            HttpMethod.Post, Report, ("X-Api-Key", AccessHost.AdminKey), ("Host", "portal.example"), ("X-Forwarded-Proto", "https"), ("Origin", "https://portal.example"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_foreign_page_changes_nothing()
    {
        await using var door = await AccessHost.TeamAsync();
        using var response = await door.SendAsync(HttpMethod.Post, Report, ("X-Api-Key", AccessHost.AdminKey), ("Origin", "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Further_wrong_keys_of_an_address_are_refused_and_a_right_key_is_accepted()
    {
        await using var door = await AccessHost.TeamAsync();
        var address = IPAddress.Parse("192.0.2.1");
        door.Remote = address;
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await door.SendAsync(HttpMethod.Get, Read, ("X-Api-Key", "guess-" + i))).StatusCode);
        }

        using var refused = await door.SendAsync(HttpMethod.Get, Read, ("X-Api-Key", "guess-10"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(HttpMethod.Get, Read, ("X-Api-Key", AccessHost.AdminKey))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await door.SendAsync(HttpMethod.Get, Read)).StatusCode);

        door.Remote = AttemptLimiterTests.NotCountedWith(address);
        Assert.Equal(HttpStatusCode.Unauthorized, (await door.SendAsync(HttpMethod.Get, Read, ("X-Api-Key", "guess-11"))).StatusCode);
    }

    [Fact]
    public async Task A_page_leads_to_sign_in_and_remembers_where_one_wanted_to_go()
    {
        await using var door = await AccessHost.TeamAsync();
        using var response = await door.SendAsync(HttpMethod.Get, "/operations?q=a%20b", ("Accept", "text/html,*/*;q=0.8"));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/sign-in?return_url=%2Foperations%3Fq%3Da%2520b", response.Headers.Location!.OriginalString);

        using var missing = await door.SendAsync(HttpMethod.Get, "/nope", ("Accept", "text/html,*/*;q=0.8"));
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (missing.StatusCode, missing.Content.Headers.ContentType?.MediaType));
        Assert.Contains("href=\"/sign-in\"", await missing.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var api = await door.SendAsync(HttpMethod.Get, Read, ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }
}
