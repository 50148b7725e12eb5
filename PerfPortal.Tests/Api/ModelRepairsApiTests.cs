using System.Text.Json;
using PerfPortal.Tests.Models.Downloads;
using PerfPortal.Tests.Models.Health;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>Repairs of models.</summary>
public sealed class ModelRepairsApiTests : ModelsApiBench
{
    [Fact]
    public async Task A_damaged_model_is_repaired_by_its_damaged_bytes_and_checked()
    {
        byte[] content = DownloadBench.Random(3 << 20);
        Server.Content = content;
        string id = (await Client.PostAsync("models/downloads", new { url = Server.Url(), name = "org/big", directory = Folder })).Expect(202)["id"].GetString()!;
        await EndAsync(id, "completed");
        await StateAsync("org/big", "healthy");
        (await Client.PostAsync("models/repairs", new { model = "org/big" })).ExpectProblem(409, "nothing to repair");
        (await Client.SendAsync(HttpMethod.Delete, "models/downloads/" + id, null)).Expect(204);

        string file = Path.Join(Folder, "org", "big", "model.bin");
        await File.WriteAllBytesAsync(file, [.. content.AsSpan(0, 1_500_000), (byte)~content[1_500_000], .. content.AsSpan(1_500_001)], Token);
        (await Client.PostAsync("models/checks", new { model = "org/big", full = true })).Expect(202);
        var repair = (await StateAsync("org/big", "damaged")).GetProperty("repair");
        Assert.Equal((1 << 20, content.Length), (repair.GetProperty("bytes_to_load").GetInt64(), repair.GetProperty("bytes_total").GetInt64()));
        Assert.Equal(Server.Url().AbsoluteUri, repair.GetProperty("steps")[0].GetProperty("origin").GetString());

        long before = Server.BytesSent;
        var gate = new TaskCompletionSource();
        Server.Behave = (request, _) => Server.Ordinary(request) with { Between = gate.Task };
        var started = (await Client.PostAsync("models/repairs", new { model = "org/big" })).Expect(202);
        string repairId = started["id"].GetString()!;
        Assert.True(started["repair"].GetBoolean());
        Assert.EndsWith("/api/v1/performance/models/downloads/" + repairId, started.Headers.Location!.ToString(), StringComparison.Ordinal);
        (await Client.PostAsync("models/repairs", new { model = "org/big" })).ExpectProblem(409, repairId);
        Assert.Equal(repairId, (await StateAsync("org/big", "damaged")).GetProperty("repair").GetProperty("download_id").GetString());
        gate.SetResult();
        await EndAsync(repairId, "completed");
        await StateAsync("org/big", "healthy");
        Assert.Equal(1 << 20, Server.BytesSent - before);
        Assert.Equal(content, await File.ReadAllBytesAsync(file, Token));
    }

    [Fact]
    public async Task A_model_without_a_known_origin_is_not_repaired_and_one_that_is_not_there_is_not_found()
    {
        await WriteAsync("org/bad", SmallFiles.Gguf()[..^20]);
        (await Client.PostAsync("models/checks", new { model = "org/bad" })).Expect(202);
        var model = await StateAsync("org/bad", "damaged");
        Assert.Equal(JsonValueKind.Null, model.GetProperty("repair").GetProperty("steps")[0].GetProperty("origin").ValueKind);
        (await Client.PostAsync("models/repairs", new { model = "org/bad" })).ExpectProblem(409, "nor the layout of a Hugging Face cache, nor a remembered download says so.");
        (await Client.PostAsync("models/repairs", new { model = "org/none" })).ExpectProblem(404, "org/none");
    }

    [Theory]
    [InlineData("{}", "/model")]
    [InlineData("""{"model":""}""", "/model")]
    [InlineData("""{"model":7}""", "/model")]
    [InlineData("""{"model":"a","full":true}""", "/full")]
    [InlineData("[]", "")]
    public async Task What_is_wrong_with_the_order_of_a_repair_is_named(string body, string pointer)
    {
        var problem = (await Client.PostTextAsync("models/repairs", body)).ExpectProblem(400);
        Assert.Equal(pointer, Assert.Single(problem["errors"].EnumerateArray()).GetProperty("pointer").GetString());
    }
}
