using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>Orders of downloads that are refused.</summary>
public sealed class ModelDownloadOrdersApiTests : ModelsApiBench
{
    [Theory]
    [InlineData("{}", "/url")]
    [InlineData("[]", "")]
    [InlineData("""{"url":"http://a.example/m","repository":"a/b"}""", "/repository")]
    [InlineData("""{"url":"ftp://a.example/m"}""", "/url")]
    [InlineData("""{"url":"m.bin"}""", "/url")]
    [InlineData("""{"url":7}""", "/url")]
    [InlineData("""{"url":"http://a.example/m","sha256":"abc"}""", "/sha256")]
    [InlineData("""{"url":"http://a.example/m","size_bytes":-1}""", "/size_bytes")]
    [InlineData("""{"url":"http://a.example/m","size_bytes":1.5}""", "/size_bytes")]
    [InlineData("""{"url":"http://a.example/m","directory":"/etc"}""", "/directory")]
    [InlineData("""{"url":"http://a.example/m","name":"../up"}""", "/name")]
    [InlineData("""{"url":"http://a.example/m","name":"a/b/c"}""", "/name")]
    [InlineData("""{"url":"http://a.example/m","revision":"main"}""", "/revision")]
    [InlineData("""{"url":"http://a.example/m","layout":"plain"}""", "/layout")]
    [InlineData("""{"url":"http://a.example/m","urls":[]}""", "/urls")]
    [InlineData("""{"repository":"a/b","layout":"round"}""", "/layout")]
    [InlineData("""{"repository":"a/b","sha256":"abc"}""", "/sha256")]
    [InlineData("""{"repository":"a/b/c"}""", "/repository")]
    [InlineData("""{"repository":"a b"}""", "/repository")]
    [InlineData("""{"repository":"org/tiny","revision":"../main"}""", "/revision")]
    [InlineData("""{"files":[]}""", "/files")]
    [InlineData("""{"files":{}}""", "/files")]
    [InlineData("""{"files":[3]}""", "/files/0")]
    [InlineData("""{"files":[{"path":"a"}]}""", "/files/0/url")]
    [InlineData("""{"files":[{"url":"http://a.example/m"}]}""", "/files/0/path")]
    [InlineData("""{"files":[{"url":"http://a.example/m","path":"a"},{"url":"http://a.example/m","path":"../b"}]}""", "/files/1/path")]
    [InlineData("""{"files":[{"url":"http://a.example/m","path":"a","mirrors":["x"]}]}""", "/files/0/mirrors")]
    [InlineData("""{"files":[{"url":"http://a.example/m","path":"a"},{"url":"http://a.example/m","path":"a"}]}""", "/files")]
    public async Task What_is_wrong_with_an_order_is_named(string body, string pointer)
    {
        var problem = (await Client.PostTextAsync("models/downloads", body)).ExpectProblem(400);
        var error = Assert.Single(problem["errors"].EnumerateArray());
        Assert.Equal(pointer, error.GetProperty("pointer").GetString());
        Assert.DoesNotContain("Parameter", error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"^[a-z_\[\].0-9]+: |[^.?]$", error.GetProperty("detail").GetString());
        Assert.Empty((await Client.GetAsync("models/downloads")).Expect(200)["items"].EnumerateArray());
    }

    [Fact]
    public async Task A_repository_that_the_hub_does_not_have_is_an_error_of_the_order_and_a_hub_that_is_away_is_not()
    {
        var problem = (await Client.PostAsync("models/downloads", new { repository = "org/other" })).ExpectProblem(400);
        var error = Assert.Single(problem["errors"].EnumerateArray());
        Assert.Equal("/repository", error.GetProperty("pointer").GetString());
        Assert.Contains("org/other", error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("no such file", error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await Hub.DisposeAsync();
        var away = (await Client.PostAsync("models/downloads", new { repository = Repository })).ExpectProblem(502, "could not be reached");
        Assert.Equal("The hub could not be reached.", away["title"].GetString());
    }

    [Fact]
    public async Task An_address_that_is_not_public_is_refused_where_the_settings_say_so()
    {
        await using var portal = await PortalFactory.StartAsync(("Models:AllowPrivateSources", "false"), ("Models:HubUrl", Hub.Address.ToString()));
        const string Setting = "PerfPortal:Models:AllowPrivateSources";
        var refused = (await portal.Client.PostAsync("models/downloads", new { url = Server.Url() })).ExpectProblem(400, Setting);
        var error = Assert.Single(refused["errors"].EnumerateArray());
        Assert.Equal(
            ("/url", $"127.0.0.1 is a loopback address, which is not allowed as a source of downloads. To allow it, set {Setting} to true."),
            (error.GetProperty("pointer").GetString(), error.GetProperty("detail").GetString()));
        object[] files = [new { url = "https://models.example/a", path = "a" }, new { url = "http://[::1]/b", path = "b" }];
        var second = (await portal.Client.PostAsync("models/downloads", new { files })).ExpectProblem(400, Setting);
        Assert.Equal("/files/1/url", Assert.Single(second["errors"].EnumerateArray()).GetProperty("pointer").GetString());
        files = [new { url = "https://models.example/a", path = "a", mirrors = new[] { "http://localhost/a" } }];
        var third = (await portal.Client.PostAsync("models/downloads", new { files })).ExpectProblem(400, Setting);
        Assert.Equal("/files/0/mirrors", Assert.Single(third["errors"].EnumerateArray()).GetProperty("pointer").GetString());
        Assert.Empty((await portal.Client.GetAsync("models/downloads")).Expect(200)["items"].EnumerateArray());
        Assert.Empty(Server.Requests);
        var hub = (await portal.Client.PostAsync("models/downloads", new { repository = Repository })).ExpectProblem(502, Setting);
        Assert.Equal("The hub is not allowed as a source of downloads.", hub["title"].GetString());
        Assert.Equal(0, Hub.Counts.Requests);
    }
}
