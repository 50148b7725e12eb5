using System.Net;
using PerfPortal.Domain.Settings;
using Xunit;

namespace PerfPortal.Tests.Security;

/// <summary>Which forwarded headers a portal behind a reverse proxy trusts.</summary>
public sealed class TrustedProxyTests
{
    private const string Read = "/api/v1/performance/dashboard";
    private static readonly IPAddress Proxy = IPAddress.Parse("10.1.2.3");

    [Fact]
    public async Task Behind_a_trusted_proxy_wrong_keys_are_counted_for_the_client_and_not_for_the_proxy()
    {
        await using var door = await TeamAsync("10.0.0.0/8");
        door.Remote = Proxy;
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync(door, "203.0.113.1"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync(door, "203.0.113.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync(door, "198.51.100.7, 203.0.113.1"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync(door, AttemptLimiterTests.NotCountedWith(IPAddress.Parse("203.0.113.1")).ToString() + ", 10.9.9.9"));
    }

    [Fact]
    public async Task Behind_an_unknown_proxy_its_own_address_counts_whatever_it_says()
    {
        await using var door = await TeamAsync("192.0.2.0/24");
        door.Remote = Proxy;
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync(door, $"203.0.113.{i}"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync(door, "203.0.113.99"));
    }

    [Theory]
    [InlineData("10.1.2.3", "https", true)]
    [InlineData("::ffff:10.1.2.3", "https", true)]
    [InlineData("10.1.2.3", "http", false)]
    [InlineData("10.1.2.4", "https", false)]
    public async Task The_cookie_is_secure_behind_a_TLS_proxy_that_is_trusted(string remote, string scheme, bool isSecure)
    {
        await using var door = await TeamAsync("10.1.2.3");
        door.Remote = IPAddress.Parse(remote);
        using var opened = await SignInForm.SubmitAsync(door.Client, AccessHost.AdminKey, "/", ("X-Forwarded-Proto", scheme));
        Assert.Equal(HttpStatusCode.SeeOther, opened.StatusCode);
        string cookie = opened.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("perfportal_session=", StringComparison.Ordinal));
        Assert.Equal(isSecure, cookie.Contains("secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_page_below_the_host_that_a_trusted_proxy_names_is_the_portals_own()
    {
        await using var door = await TeamAsync("10.1.2.3");
        door.Remote = Proxy;
        (string, string)[] headers =
        [
            ("X-Api-Key", AccessHost.AdminKey), ("Host", "backend:5080"), ("X-Forwarded-Host", "portal.example"), ("X-Forwarded-Proto", "https"), ("Origin", "https://portal.example"),
        ];
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(HttpMethod.Post, "/api/v1/performance/operations", headers)).StatusCode);
        door.Remote = IPAddress.Parse("203.0.113.1");
        Assert.Equal(HttpStatusCode.Forbidden, (await door.SendAsync(HttpMethod.Post, "/api/v1/performance/operations", headers)).StatusCode);
    }

    [Fact]
    public async Task A_portal_on_loopback_refuses_a_proxy_that_is_called_trusted_too()
    {
        await using var door = await AccessHost.StartAsync(new AccessOptions { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] }, "http://127.0.0.1:5080");
        door.Remote = IPAddress.Loopback;
        Assert.Equal(HttpStatusCode.Forbidden, (await door.SendAsync(HttpMethod.Get, Read, ("X-Forwarded-For", "127.0.0.1"))).StatusCode);
    }

    [Fact]
    public async Task Thousands_of_wrong_keys_from_as_many_addresses_do_not_lock_out_a_right_key_from_a_fresh_one()
    {
        await using var door = await AccessHost.TeamAsync();
        for (int i = 0; i < 4_250; i++)
        {
            door.Remote = new IPAddress([10, 0, (byte)(i >> 8), (byte)i]);
            using var wrong = await door.SendAsync(HttpMethod.Get, Read, ("X-Api-Key", "guess"));
            Assert.True(wrong.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests);
        }

        door.Remote = IPAddress.Parse("192.0.2.200");
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(HttpMethod.Get, Read, ("X-Api-Key", AccessHost.AdminKey))).StatusCode);
        using var opened = await SignInForm.SubmitAsync(door.Client, AccessHost.AdminKey, "/");
        Assert.Equal(HttpStatusCode.SeeOther, opened.StatusCode);
    }

    [Fact]
    public async Task Right_keys_pass_while_another_client_of_the_same_address_sends_wrong_ones()
    {
        await using var door = await AccessHost.TeamAsync();
        door.Remote = IPAddress.Parse("172.17.0.1");
        for (int i = 0; i < 75; i++)
        {
            using var wrong = await door.SendAsync(HttpMethod.Get, Read, ("X-Api-Key", "old-key"));
            using var right = await door.SendAsync(HttpMethod.Get, Read, ("X-Api-Key", AccessHost.AdminKey));
            Assert.Equal((HttpStatusCode.OK, i < 10 ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests), (right.StatusCode, wrong.StatusCode));
        }
    }

    private static Task<AccessHost> TeamAsync(string trusted) =>
        AccessHost.StartAsync(
            new AccessOptions
            {
                AdminKey = AccessHost.AdminKey,
                TrustedProxies = [trusted.Contains('/', StringComparison.Ordinal) ? IPNetwork.Parse(trusted) : new(IPAddress.Parse(trusted), 32)],
            },
            "http://0.0.0.0:5080");

    private static async Task<HttpStatusCode> GuessAsync(AccessHost door, string forwardedFor) =>
        (await door.SendAsync(HttpMethod.Get, Read, ("X-Api-Key", "guess"), ("X-Forwarded-For", forwardedFor))).StatusCode;
}
