using System.Text.Json;
using PerfPortal.Tests.Models.Health;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>Checks of models, and what they found.</summary>
public sealed class ModelChecksApiTests : ModelsApiBench
{
    [Fact]
    public async Task A_model_or_all_models_are_checked_and_listed_with_what_was_found()
    {
        await WriteAsync("org/good", SmallFiles.Gguf());
        await WriteAsync("org/bad", SmallFiles.Gguf()[..^20]);
        var one = (await Client.PostAsync("models/checks", new { model = "org/good", full = true })).Expect(202);
        var check = Assert.Single(one["items"].EnumerateArray());
        Assert.Equal("org/good", check.GetProperty("model").GetString());
        string operation = check.GetProperty("operation_id").GetString()!;
        Assert.EndsWith("/api/v1/performance/operations/" + operation, one.Headers.Location!.ToString(), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => await Client.GetAsync("operations/" + operation) is { Code: 200 } answer && answer["status"].GetString() == "succeeded", "the check has ended");

        var all = (await Client.PostAsync("models/checks", new { })).Expect(202);
        Assert.InRange(all["items"].GetArrayLength(), 1, 2);
        Assert.EndsWith(all["items"].GetArrayLength() == 1 ? "" : "/api/v1/performance/models", all.Headers.Location!.ToString(), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => (await Client.GetAsync("models")).Expect(200)["items"].EnumerateArray().Count(model => model.GetProperty("last_checked_at").ValueKind == JsonValueKind.String) == 2, "both are checked");
        var models = (await Client.GetAsync("models")).Expect(200)["items"].EnumerateArray().ToList();
        Assert.Equal(["org/bad", "org/good"], models.Select(model => model.GetProperty("name").GetString()));
        Assert.Equal("healthy", models[1].GetProperty("state").GetString());
        Assert.Equal((1, 1), (models[1].GetProperty("integrity_score").GetDouble(), models[1].GetProperty("integrity_parts").GetProperty("structure").GetDouble()));
        Assert.NotEqual("healthy", models[0].GetProperty("state").GetString());
        Assert.NotEmpty(models[0].GetProperty("reasons").EnumerateArray());
        Assert.True(models[0].GetProperty("integrity_score").GetDouble() < 1);
        Assert.Equal("m.gguf", models[0].GetProperty("repair").GetProperty("steps")[0].GetProperty("file").GetString());
    }

    [Fact]
    public async Task Checks_of_all_models_name_those_that_run_and_those_that_wait()
    {
        string[] names = [.. Enumerable.Range(0, 7).Select(i => $"org/model-{i}")];
        foreach (string name in names)
        {
            await WriteAsync(name, SmallFiles.Gguf());
        }

        var all = (await Client.PostAsync("models/checks", new { })).Expect(202);
        var running = all["items"].EnumerateArray().Select(check => check.GetProperty("model").GetString()!).ToList();
        var waiting = all["waiting"].EnumerateArray().Select(name => name.GetString()!).ToList();
        Assert.Equal(names, running.Concat(waiting).Order(StringComparer.Ordinal));
        await Eventually.TrueAsync(
            async () => (await Client.GetAsync("models")).Expect(200)["items"].EnumerateArray().Count(model => model.GetProperty("last_checked_at").ValueKind == JsonValueKind.String) == names.Length, "all are checked");
        Assert.Empty((await Client.PostAsync("models/checks", new { model = names[0] })).Expect(202)["waiting"].EnumerateArray());
    }

    [Theory]
    [InlineData("""{"model":7}""", "/model")]
    [InlineData("""{"full":"yes"}""", "/full")]
    [InlineData("""{"modell":"a"}""", "/modell")]
    [InlineData("[]", "")]
    public async Task What_is_wrong_with_an_order_of_checks_is_named(string body, string pointer)
    {
        var problem = (await Client.PostTextAsync("models/checks", body)).ExpectProblem(400);
        Assert.Equal(pointer, Assert.Single(problem["errors"].EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_not_found_and_without_models_nothing_is_checked()
    {
        (await Client.PostAsync("models/checks", new { model = "org/none" })).ExpectProblem(404, "org/none");
        Assert.Empty((await Client.PostAsync("models/checks", new { })).Expect(202)["items"].EnumerateArray());
        Assert.Empty((await Client.GetAsync("models")).Expect(200)["items"].EnumerateArray());
    }
}
