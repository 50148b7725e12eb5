using System.Net;
using PerfPortal.Server.Security;
using Xunit;

namespace PerfPortal.Tests.Security;

public sealed class SignInTests
{
    private const string Read = "/api/v1/performance/dashboard";

    [Fact]
    public async Task A_right_key_opens_a_session_that_sign_out_closes()
    {
        await using var door = await AccessHost.TeamAsync();

        using var opened = await SubmitAsync(door, AccessHost.AdminKey, "/operations?q=1");
        Assert.Equal((HttpStatusCode.SeeOther, "/operations?q=1"), (opened.StatusCode, opened.Headers.Location!.OriginalString));
        string cookie = opened.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("perfportal_session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(AccessHost.AdminKey, cookie, StringComparison.Ordinal);

        using var read = await door.SendAsync(HttpMethod.Get, Read);
        Assert.Equal("admin", await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        using var closed = await door.SendAsync(HttpMethod.Post, "/sign-out");
        Assert.Equal("/sign-in", closed.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, (await door.SendAsync(HttpMethod.Get, Read)).StatusCode);
    }

    [Fact]
    public async Task A_session_has_the_scopes_of_its_key_and_ends_with_it()
    {
        await using var door = await AccessHost.TeamAsync();
        await SubmitAsync(door, AccessHost.ReadKey, "/");

        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(HttpMethod.Get, Read)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await door.SendAsync(HttpMethod.Post, "/api/v1/performance/operations")).StatusCode);
        door.Reader.Withdrawn = true;
        Assert.Equal(HttpStatusCode.Unauthorized, (await door.SendAsync(HttpMethod.Get, Read)).StatusCode);
    }

    [Fact]
    public async Task A_session_ends_after_half_a_day_of_silence()
    {
        await using var door = await AccessHost.TeamAsync();
        await SubmitAsync(door, AccessHost.AdminKey, "/");
        door.Time.Advance(TimeSpan.FromHours(12) + TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await door.SendAsync(HttpMethod.Get, Read)).StatusCode);
    }

    [Fact]
    public async Task A_foreign_page_cannot_use_a_session()
    {
        await using var door = await AccessHost.TeamAsync();
        await SubmitAsync(door, AccessHost.AdminKey, "/");
        using var response = await door.SendAsync(HttpMethod.Post, "/api/v1/performance/operations", ("Origin", "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        using var wrongKey = await door.SendAsync(HttpMethod.Get, Read, ("X-Api-Key", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrongKey.StatusCode);
    }

    [Fact]
    public async Task A_wrong_key_shows_the_form_again_and_many_are_refused_but_not_the_right_one()
    {
        await using var door = await AccessHost.TeamAsync();
        for (int i = 0; i < 10; i++)
        {
            using var wrong = await SubmitAsync(door, "<b>guess", "/operations");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            string page = await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
            Assert.DoesNotContain("guess", page, StringComparison.Ordinal);
        }

        using var refused = await SubmitAsync(door, "guess", "/");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);

        using var accepted = await SubmitAsync(door, AccessHost.AdminKey, "/");
        Assert.Equal(HttpStatusCode.SeeOther, accepted.StatusCode);
    }

    [Fact]
    public async Task A_form_that_the_portal_did_not_hand_out_is_refused()
    {
        await using var door = await AccessHost.TeamAsync();
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("key", AccessHost.AdminKey)]);
        using var response = await door.Client.PostAsync("/sign-in", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key == "Set-Cookie" && header.Value.Any(value => value.StartsWith("perfportal_session", StringComparison.Ordinal)));

        using var json = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var noForm = await door.Client.PostAsync("/sign-in", json, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, noForm.StatusCode);
    }

    [Theory]
    [InlineData("/portal/operations?q=1", "/portal/operations?q=1")]
    [InlineData("/operations", "/portal/")]
    [InlineData("/portalx", "/portal/")]
    [InlineData("//portal/", "/portal/")]
    [InlineData("/portal/sign-in", "/portal/")]
    [InlineData(null, "/portal/")]
    public void Below_a_path_base_sign_in_leads_to_addresses_below_it_only(string? wanted, string target) => Assert.Equal(target, SignIn.LocalTarget(wanted, "/portal"));

    [Theory]
    [InlineData("/operations?q=1#x", "/operations?q=1#x")]
    [InlineData("/", "/")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("operations", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("\\\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    [InlineData("/ä", "/")]
    [InlineData("/sign-in?return_url=/sign-in", "/")]
    public void Sign_in_leads_to_addresses_of_the_portal_only(string? wanted, string target)
    {
        Assert.Equal(target, SignIn.LocalTarget(wanted));
    }

    [Fact]
    public async Task What_stands_in_the_return_address_cannot_break_out_of_the_form()
    {
        await using var door = await AccessHost.TeamAsync();
        using var response = await door.SendAsync(HttpMethod.Get, "/sign-in?return_url=" + Uri.EscapeDataString("/\"><script>alert(1)</script>"));
        Assert.DoesNotContain("<script", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> SubmitAsync(AccessHost door, string key, string returnUrl) => SignInForm.SubmitAsync(door.Client, key, returnUrl);
}
