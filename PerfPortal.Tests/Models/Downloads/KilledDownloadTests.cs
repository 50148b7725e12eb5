using System.Security.Cryptography;
using System.Text.Json;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Hosting;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>A portal that is killed while it downloads.</summary>
public sealed class KilledDownloadTests
{
    private const int Size = 16 << 20;
    private const int PerConnection = 512 << 10;

    [Fact]
    public async Task A_download_goes_on_by_itself_after_a_kill_and_loads_hardly_anything_twice()
    {
        byte[] content = DownloadBench.Random(Size);
        await using var server = new OddServer(content) { BytesPerSecond = PerConnection };
        using var folder = new TemporaryFolder();
        string id;
        string directory;
        await using (var portal = await PortalProcess.StartAsync(folder.Path))
        {
            var started = (await portal.Client.PostAsync("models/downloads", new { url = server.Url(), sha256 = DownloadBench.Sha256(content), size_bytes = Size })).Expect(202);
            (id, directory) = (started["id"].GetString()!, started["directory"].GetString()!);
            await Eventually.TrueAsync(async () => await DoneAsync(portal, id) >= Size / 3, "a third is there");
            await portal.KillAsync();
        }

        string file = Path.Join(directory, "model.bin");
        Assert.Superset(new HashSet<string?> { "model.bin.part", "model.bin.part.json" }, Directory.GetFiles(directory).Select(Path.GetFileName).ToHashSet());
        int before = server.Requests.Count;
        server.BytesPerSecond = null;
        await using var again = await PortalProcess.StartAsync(folder.Path);
        await Eventually.TrueAsync(async () => (await GetAsync(again, id)).GetProperty("state").GetString() == "completed", "it is complete");
        await using (var stream = File.OpenRead(file))
        {
            Assert.Equal(DownloadBench.Sha256(content), Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, DownloadBench.Token)));
        }

        Assert.Equal([file], Directory.GetFiles(directory));
        Assert.True(server.Requests.Skip(before).All(request => request.Range?.From > 0), "It began anew.");

        // The journal is written every second, by four connections that receive 2 MiB in that time.
        Assert.InRange(server.BytesSent, Size, Size + (8 << 20));
        string path = "operations/" + (await GetAsync(again, id)).GetProperty("operation_id").GetString();
        await Eventually.TrueAsync(async () => await again.Client.GetAsync(path) is { Code: 200 } answer && answer["status"].GetString() == "succeeded", "its operation has ended");
        var facts = (await again.Client.GetAsync(path)).Expect(200)["metadata"];
        Assert.True(facts.GetProperty("integrity_verified").GetBoolean());
        Assert.InRange(facts.GetProperty("bytes_downloaded").GetDouble(), 1, Size - (1 << 20));
    }

    private static async Task<JsonElement> GetAsync(PortalProcess portal, string id) => (await portal.Client.GetAsync("models/downloads/" + id)).Expect(200).Json;

    private static async Task<long> DoneAsync(PortalProcess portal, string id) => (await GetAsync(portal, id)).GetProperty("bytes_done").GetInt64();
}
