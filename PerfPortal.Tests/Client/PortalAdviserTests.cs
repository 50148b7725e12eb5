using System.Net;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Client;
using PerfPortal.Tests.Sampling;
using Xunit;

namespace PerfPortal.Tests.Client;

public sealed class PortalAdviserTests : IDisposable
{
    private static readonly AdviceQuestion Question = new(AdviceTopic.Download, "host a", "model/x", "hub.example", 1_000);

    private readonly ArmedTimeProvider _clock = new(new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));
    private readonly ScriptedPortal _portal;
    private readonly PortalAdviser _adviser;

    public PortalAdviserTests()
    {
        _portal = new(_clock) { Script = _ => ScriptedPortal.Json(Answer("2026-03-10T12:10:00Z")) };
        _adviser = new(new() { Address = new("http://portal.example"), Source = "host a" }, _portal, _clock);
    }

    [Fact]
    public async Task Advice_is_asked_for_once_until_it_expires()
    {
        var items = await AskAsync();
        Assert.Equal("/api/v1/performance/advice/download?source=host%20a&name=model%2Fx&host=hub.example&size_bytes=1000", _portal.Requests[0].Path);
        var item = Assert.Single(items);
        Assert.Equal(
            new AdviceItem
            {
                Kind = "connections",
                Value = 8,
                Unit = "",
                SampleCount = 120,
                Confidence = 0.9,
                ExpiresAt = new(2026, 3, 10, 12, 10, 0, TimeSpan.Zero),
                SafeDefault = 4,
                Reason = "Measured.",
            },
            item);
        await AskAsync();
        Assert.Single(_portal.Requests);
        await _adviser.AdviseAsync(Question with { Topic = AdviceTopic.HealthCheck, Name = null, Host = null, SizeBytes = null }, TestContext.Current.CancellationToken);
        Assert.Equal("/api/v1/performance/advice/health-check?source=host%20a", _portal.Requests[1].Path);
        _clock.Advance(TimeSpan.FromMinutes(11));
        await AskAsync();
        Assert.Equal(3, _portal.Requests.Count);
    }

    [Theory]
    [InlineData("away")]
    [InlineData("503")]
    [InlineData("401")]
    [InlineData("web page")]
    public async Task Without_an_answer_the_safe_defaults_are_used_and_the_portal_is_left_alone_for_a_while(string what)
    {
        _portal.Script = request => what switch
        {
            "away" => ScriptedPortal.Away(request),
            "503" => ScriptedPortal.Problem(503, "Starting."),
            "401" => ScriptedPortal.Problem(401, "No key."),
            _ => new(HttpStatusCode.OK) { Content = new StringContent("<html>") },
        };
        for (int i = 0; i < 3; i++)
        {
            var items = await AskAsync();
            Assert.NotEmpty(items);
            Assert.All(items, item => Assert.False(item.IsLearned));
        }

        Assert.Single(_portal.Requests);
        _portal.Script = _ => ScriptedPortal.Json(Answer("2026-03-10T13:00:00Z"));
        _clock.Advance(PortalAdviser.RetryAfterFailure);
        Assert.True(Assert.Single(await AskAsync()).IsLearned);
    }

    [Fact]
    public async Task A_clock_that_differs_from_that_of_the_portal_keeps_advice_for_a_sensible_time()
    {
        _clock.WallClockOffset = TimeSpan.FromDays(2);
        await AskAsync();
        await AskAsync();
        Assert.Single(_portal.Requests);
        _clock.Advance(TimeSpan.FromSeconds(6));
        _clock.WallClockOffset = TimeSpan.FromDays(-2);
        await AskAsync();
        _clock.Advance(TimeSpan.FromMinutes(61));
        await AskAsync();
        Assert.Equal(3, _portal.Requests.Count);
    }

    public void Dispose()
    {
        _adviser.Dispose();
        _portal.Dispose();
    }

    private static string Answer(string expires) =>
        $$"""{"items":[{"kind":"connections","subject":null,"value":8,"unit":"","sample_count":120,"confidence":0.9,"expires_at":"{{expires}}","safe_default":4,"reason":"Measured."}]}""";

    private async Task<IReadOnlyList<AdviceItem>> AskAsync() => await _adviser.AdviseAsync(Question, TestContext.Current.CancellationToken);
}
