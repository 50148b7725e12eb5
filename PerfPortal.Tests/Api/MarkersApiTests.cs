using System.Text.Json;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class MarkersApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private PortalClient Client => portal.Client;

    [Fact]
    public async Task A_reported_marker_is_listed_and_the_same_again_changes_nothing()
    {
        var at = SampleReports.Now.AddMinutes(-30);
        var report = new { at, name = "deploy 1.4.2", source = "gpu-1", metadata = new { version = "1.4.2", build = 7 } };
        var first = (await Client.PostAsync("markers", report)).Expect(201);
        var again = (await Client.PostAsync("markers", report)).Expect(200);
        Assert.Equal(first["id"].GetInt64(), again["id"].GetInt64());
        (await Client.PostAsync("markers", new { at = at.AddMinutes(1), name = "config" })).Expect(201);
        var items = (await Client.GetAsync("markers?source=gpu-1")).Expect(200)["items"].EnumerateArray().ToList();
        Assert.Equal(["config", "deploy 1.4.2"], items.Select(item => item.GetProperty("name").GetString()));
        Assert.Equal("1.4.2", items[1].GetProperty("metadata").GetProperty("version").GetString());
        Assert.Equal(JsonValueKind.Null, items[0].GetProperty("source").ValueKind);
        Assert.Equal("config", Assert.Single((await Client.GetAsync("markers?source=gpu-2")).Expect(200)["items"].EnumerateArray()).GetProperty("name").GetString());
        Assert.Single((await Client.GetAsync("markers?source=gpu-1&limit=1")).Expect(200)["items"].EnumerateArray());
        Assert.Empty((await Client.GetAsync("markers?from=now-10m")).Expect(200)["items"].EnumerateArray());
    }

    [Fact]
    public async Task A_deleted_marker_is_gone_and_an_unknown_one_is_not_found()
    {
        long id = (await Client.PostAsync("markers", new { at = SampleReports.Now.AddMinutes(-7), name = "mistaken", source = "delete-me" })).Expect(201)["id"].GetInt64();
        (await Client.SendAsync(HttpMethod.Delete, $"markers/{id}", null)).Expect(204);
        Assert.DoesNotContain((await Client.GetAsync("markers?source=delete-me")).Expect(200)["items"].EnumerateArray(), item => item.GetProperty("name").GetString() == "mistaken");
        Assert.Contains($"no marker with the id {id}", (await Client.SendAsync(HttpMethod.Delete, $"markers/{id}", null)).Expect(404)["detail"].GetString(), StringComparison.Ordinal);
        (await Client.SendAsync(HttpMethod.Delete, "markers/abc", null)).Expect(404);
    }

    [Theory]
    [InlineData("{}", "/name", "name is missing.")]
    [InlineData("""{"name":" "}""", "/name", "name must not be empty.")]
    [InlineData("""{"name":"a","at":"2999-01-01T00:00:00Z"}""", "/at", "between 1970 and 2200")]
    [InlineData("""{"name":"a","at":"2190-01-01T00:00:00Z"}""", "/at", "at is more than 5 minutes in the future.")]
    [InlineData("""{"name":"a","source":"portal","metadata":[]}""", "/metadata", "metadata must be a JSON object.")]
    [InlineData("[]", "", "The body must be a JSON object.")]
    public async Task A_marker_that_is_not_valid_is_rejected_with_field_and_limit(string body, string pointer, string detail)
    {
        var answer = (await Client.PostAsync("markers", JsonSerializer.Deserialize<JsonElement>(body))).Expect(400);
        Assert.Contains(answer["errors"].EnumerateArray(), error =>
            error.GetProperty("pointer").GetString() == pointer && error.GetProperty("detail").GetString()!.Contains(detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Texts_and_metadata_that_are_too_long_are_rejected()
    {
        var answer = (await Client.PostAsync("markers", new { name = new string('a', 201), source = new string('b', 201), metadata = new { text = new string('c', 17000) } })).Expect(400);
        Assert.Equal(["/metadata", "/name", "/source"], answer["errors"].EnumerateArray().Select(error => error.GetProperty("pointer").GetString()).Order(StringComparer.Ordinal));
    }
}
