using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Security;

/// <summary>Every endpoint of the portal, called by every kind of caller.</summary>
public sealed class AccessMatrixTests
{
    private static readonly (string Name, Scope[] Scopes, string Key)[] Keys =
    [
        ("the read key", [Scope.Read], TeamKeys.Read), ("the report key", [Scope.Report], TeamKeys.Report), ("the admin key", [.. Scopes.All], TeamKeys.Admin),
    ];

    [Fact]
    public async Task Every_endpoint_is_listed_with_the_scopes_it_needs()
    {
        await using var portal = await PortalFactory.StartTeamAsync();
        var endpoints = portal.Services.GetRequiredService<EndpointDataSource>();
        AssertNone(AccessTable.Of(endpoints).Where(item => item.Scopes is null).Select(item => $"{item.Method} {item.Route} is not listed in AccessTable."));
        AssertNone(AccessTable.Of(endpoints).Where(item => item.Scopes is not null && AccessTable.Required(item.Endpoint)?.Order().Distinct().SequenceEqual(item.Scopes.Order()) != true)
            .Select(item => $"{item.Method} {item.Route} asks for other scopes than AccessTable says."));
        AssertNone(AccessTable.Unused(endpoints).Select(item => $"{item} is listed in AccessTable and does not exist."));
    }

    [Fact]
    public async Task In_a_team_every_endpoint_answers_those_whose_key_has_its_scopes_and_nobody_else()
    {
        await using var portal = await PortalFactory.StartTeamAsync();
        var wrong = new List<string>();
        foreach (var (method, route, scopes) in Listed(portal))
        {
            var admin = ("X-Api-Key", TeamKeys.Admin);
            await ExpectAsync("nobody", scopes.Length == 0 ? null : HttpStatusCode.Unauthorized);
            await ExpectAsync("a wrong key", scopes.Length == 0 ? null : HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests, ("X-Api-Key", "wrong"));
            foreach (var (name, granted, key) in Keys)
            {
                await ExpectAsync(name, AccessTable.Admits(scopes, granted) ? null : HttpStatusCode.Forbidden, null, ("X-Api-Key", key));
            }

            await ExpectAsync("a foreign origin", IsSafe(method) ? null : HttpStatusCode.Forbidden, null, admin, ("Origin", "https://evil.example"));
            await ExpectAsync("any host", null, null, admin, ("Host", "portal.example"));

            Task ExpectAsync(string who, HttpStatusCode? refusal, HttpStatusCode? orElse = null, params (string, string)[] headers) =>
                CheckAsync(portal, wrong, who, method, route, refusal, orElse, headers);
        }

        AssertNone(wrong);
    }

    [Fact]
    public async Task On_loopback_every_endpoint_answers_this_machine_and_no_foreign_page_or_host()
    {
        await using var portal = await PortalFactory.StartAsync();
        var wrong = new List<string>();
        foreach (var (method, route, _) in Listed(portal))
        {
            await ExpectAsync("nobody", null);
            await ExpectAsync("a foreign origin", IsSafe(method) ? null : HttpStatusCode.Forbidden, ("Origin", "https://evil.example"));
            await ExpectAsync("a foreign host", HttpStatusCode.Forbidden, ("Host", "evil.example"));
            await ExpectAsync("a proxy", HttpStatusCode.Forbidden, ("Via", "1.1 proxy"));
            await ExpectAsync("a page of another site", HttpStatusCode.Forbidden, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"));

            Task ExpectAsync(string who, HttpStatusCode? refusal, params (string, string)[] headers) =>
                CheckAsync(portal, wrong, who, method, route, refusal, null, headers);
        }

        AssertNone(wrong);
    }

    private static List<(string Method, string Route, Scope[] Scopes)> Listed(PortalFactory portal) =>
    [
        .. AccessTable.Of(portal.Services.GetRequiredService<EndpointDataSource>())
            .Where(item => item.Scopes is not null).Select(item => (item.Method, item.Route, item.Scopes!)).Distinct(),
    ];

    private static void AssertNone(IEnumerable<string> findings)
    {
        string text = string.Join('\n', findings.Distinct());
        Assert.True(text.Length == 0, text);
    }

    private static bool IsSafe(string method) => method is "GET" or "HEAD" or "OPTIONS";

    /// <summary>Calls an endpoint. If access is allowed, the status must be neither 401 nor 403; the rest is covered by the endpoint's own tests.</summary>
    private static async Task CheckAsync(
        PortalFactory portal, List<string> wrong, string who, string method, string route, HttpStatusCode? refusal, HttpStatusCode? orElse, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), AccessTable.PathOf(route));
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var response = await portal.Client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended.Token);
        await ended.CancelAsync();
        bool isRight = refusal is null
            ? response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            : response.StatusCode == refusal || response.StatusCode == orElse;
        if (!isRight)
        {
            wrong.Add($"{method} {route} answers {(int)response.StatusCode} to {who}, and should {(refusal is { } status ? "refuse it with " + (int)status : "not refuse it")}.");
        }
    }
}
