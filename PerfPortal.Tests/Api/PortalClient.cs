using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>What the portal answered.</summary>
internal sealed record Answer(int Code, string Text, string? MediaType, HttpResponseHeaders Headers)
{
    /// <summary>The answer as JSON.</summary>
    public JsonElement Json { get; } = MediaType is "application/json" or "application/problem+json" ? JsonDocument.Parse(Text, new() { MaxDepth = 128 }).RootElement : default;

    /// <summary>A member of the answer.</summary>
    public JsonElement this[string name] => Json.GetProperty(name);

    /// <summary>The ids of its items.</summary>
    public List<Guid> Ids => [.. this["items"].EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];

    /// <summary>Fails unless the portal answered with this status.</summary>
    public Answer Expect(int code)
    {
        Assert.True(code == Code, $"{Code} instead of {code}: {Text}");
        return this;
    }

    /// <summary>Fails unless this is a problem with this status whose text holds all of these words.</summary>
    public Answer ExpectProblem(int code, params string[] words)
    {
        Expect(code);
        Assert.True(MediaType == "application/problem+json", $"{Code} as {MediaType}: {Text}");
        Assert.Equal(code, this["status"].GetInt32());
        Assert.False(string.IsNullOrEmpty(this["trace_id"].GetString()));
        foreach (string word in words)
        {
            Assert.Contains(word, Text, StringComparison.Ordinal);
        }

        return this;
    }
}

/// <summary>Asks a portal under <c>/api/v1/performance</c>; a path with a leading slash is taken as it is.</summary>
internal sealed class PortalClient(HttpClient http) : IDisposable
{
    public const string Root = "/api/v1/performance/";

    public HttpClient Http => http;

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, object? body) => SendAsync(HttpMethod.Post, path, Json(body));

    public Task<Answer> PatchAsync(string path, object? body) => SendAsync(HttpMethod.Patch, path, Json(body));

    public Task<Answer> PostTextAsync(string path, string body, string mediaType = "application/json") =>
        SendAsync(HttpMethod.Post, path, Bytes(Encoding.UTF8.GetBytes(body), mediaType));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path[0] == '/' ? path : Root + path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new((int)response.StatusCode, text, response.Content.Headers.ContentType?.MediaType, response.Headers);
    }

    public static ByteArrayContent Json(object? body) => Bytes(JsonSerializer.SerializeToUtf8Bytes(body), "application/json");

    public static ByteArrayContent Bytes(byte[] bytes, string mediaType, string? encoding = null)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new(mediaType);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        return content;
    }

    public void Dispose() => http.Dispose();
}
