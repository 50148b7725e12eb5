using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Security;

/// <summary>How a session begins, lasts and ends.</summary>
public sealed class SessionTests : IDisposable
{
    private const string Read = "/api/v1/performance/dashboard";
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Start);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder.Path, "sessions.json");

    [Fact]
    public async Task A_cookie_that_was_copied_before_the_sign_out_is_refused_after_it()
    {
        await using var door = await AccessHost.TeamAsync();
        string cookie = await SignInAsync(door.Client);
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(door, cookie));
        await door.SendAsync(HttpMethod.Post, "/sign-out");
        Assert.Equal(HttpStatusCode.Unauthorized, await ReadAsync(door, cookie));
    }

    [Fact]
    public async Task Two_sessions_of_one_key_are_independent()
    {
        await using var door = await AccessHost.TeamAsync();
        using var other = door.NewBrowser();
        string first = await SignInAsync(door.Client);
        string second = await SignInAsync(other);
        await door.SendAsync(HttpMethod.Post, "/sign-out");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await ReadAsync(door, first), await ReadAsync(door, second)));
    }

    [Fact]
    public async Task Signing_out_ends_an_open_stream()
    {
        await using var door = await AccessHost.TeamAsync();
        await SignInAsync(door.Client);
        using var stream = await door.Client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead, Token);
        var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(Token));
        Assert.Equal("open", await reader.ReadLineAsync(Token));

        await door.SendAsync(HttpMethod.Post, "/sign-out");
        await Assert.ThrowsAnyAsync<Exception>(async () => Assert.NotNull(await reader.ReadLineAsync(Token)));
    }

    [Fact]
    public async Task Sessions_and_sign_outs_survive_a_restart()
    {
        string kept;
        string ended;
        await using (var door = await AccessHost.TeamOnAsync(_folder.Path, _time))
        {
            using var other = door.NewBrowser();
            kept = await SignInAsync(other);
            ended = await SignInAsync(door.Client);
            await door.SendAsync(HttpMethod.Post, "/sign-out");
        }

        await using var again = await AccessHost.TeamOnAsync(_folder.Path, _time);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await ReadAsync(again, kept), await ReadAsync(again, ended)));
    }

    [Fact]
    public void A_session_that_is_used_lasts_and_one_that_is_idle_ends()
    {
        var sessions = Open();
        string used = sessions.Open();
        string idle = sessions.Open();
        for (int hour = 0; hour < 30; hour += 6)
        {
            Assert.True(sessions.Use(used));
            _time.Advance(TimeSpan.FromHours(6));
        }

        Assert.Equal((true, false), (sessions.Use(used), sessions.Use(idle)));
        sessions.Open();
        Assert.DoesNotContain(idle, System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_with_an_open_connection_does_not_expire()
    {
        var sessions = Open();
        string id = sessions.Open();
        using (sessions.Attach(id, () => { }))
        {
            _time.Advance(TimeSpan.FromHours(20));
            sessions.Open();
            Assert.True(sessions.Use(id));
        }

        _time.Advance(TimeSpan.FromHours(20));
        Assert.False(sessions.Use(id));
    }

    [Fact]
    public void The_number_of_sessions_is_bounded_and_the_one_that_was_idle_longest_ends()
    {
        const int Capacity = 20;
        var sessions = Open(Capacity);
        string oldest = sessions.Open();
        bool isEnded = false;
        using var connection = sessions.Attach(oldest, () => isEnded = true);
        _time.Advance(TimeSpan.FromMinutes(1));
        string next = sessions.Open();
        for (int i = 2; i < Capacity; i++)
        {
            sessions.Open();
        }

        Assert.Equal((false, true), (isEnded, sessions.Use(oldest)));
        _time.Advance(TimeSpan.FromMinutes(1));
        sessions.Open();
        Assert.Equal((true, false, true), (isEnded, sessions.Use(oldest), sessions.Use(next)));
    }

    [Fact]
    public void A_file_that_cannot_be_read_means_that_everyone_signs_in_again()
    {
        System.IO.File.WriteAllText(File, "{\"a\":");
        var sessions = Open();
        Assert.False(sessions.Use("a"));
        Assert.True(sessions.Use(sessions.Open()));
    }

    [Fact]
    public void A_directory_that_cannot_be_written_hinders_neither_sign_in_nor_sign_out()
    {
        Directory.CreateDirectory(File + ".new");
        var sessions = Open();
        string id = sessions.Open();
        Assert.True(sessions.Use(id));
        sessions.Close(id);
        Assert.False(sessions.Use(id));
    }

    public void Dispose() => _folder.Dispose();

    private SessionRegistry Open(int capacity = SessionRegistry.MaxSessions) => new(new(File, NullLogger<SessionFile>.Instance), _time, capacity);

    private static async Task<string> SignInAsync(HttpClient client)
    {
        using var opened = await SignInForm.SubmitAsync(client, AccessHost.AdminKey, "/");
        return opened.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("perfportal_session=", StringComparison.Ordinal)).Split(';')[0];
    }

    /// <summary>Reads with a copied cookie, in a browser that has none of its own.</summary>
    private static async Task<HttpStatusCode> ReadAsync(AccessHost door, string cookie)
    {
        using var client = door.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, Read) { Headers = { { "Cookie", cookie } } };
        using var response = await client.SendAsync(request, Token);
        return response.StatusCode;
    }
}
