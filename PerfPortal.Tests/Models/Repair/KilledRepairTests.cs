using System.Text.Json;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Hosting;
using PerfPortal.Tests.Models.Downloads;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Models.Repair;

/// <summary>A portal that is killed while it repairs.</summary>
public sealed class KilledRepairTests
{
    private const int Mebi = 1 << 20;
    private const int Size = 16 * Mebi;
    private const int Damage = 6 * Mebi;
    private const int PerConnection = 256 << 10;

    [Fact]
    public async Task The_damaged_file_stays_as_it_was_until_the_repair_goes_on_by_itself_and_is_whole()
    {
        byte[] content = DownloadBench.Random(Size);
        await using var server = new OddServer(content);
        using var folder = new TemporaryFolder();
        string id;
        string file;
        byte[] damaged = [.. content.AsSpan(0, 4 * Mebi), .. new byte[Damage], .. content.AsSpan((4 * Mebi) + Damage)];
        await using (var portal = await PortalProcess.StartAsync(folder.Path))
        {
            var started = (await portal.Client.PostAsync("models/downloads", new { url = server.Url(), name = "org/big" })).Expect(202);
            await Eventually.TrueAsync(async () => await StateAsync(portal) == "healthy", "it is healthy");
            file = Path.Join(started["directory"].GetString(), "model.bin");
            await File.WriteAllBytesAsync(file, damaged, DownloadBench.Token);
            (await portal.Client.PostAsync("models/checks", new { model = "org/big", full = true })).Expect(202);
            await Eventually.TrueAsync(async () => await StateAsync(portal) == "damaged", "it is damaged");
            Assert.Equal(Damage, (await ModelAsync(portal)).GetProperty("repair").GetProperty("bytes_to_load").GetInt64());
            server.BytesPerSecond = PerConnection;
            id = (await portal.Client.PostAsync("models/repairs", new { model = "org/big" })).Expect(202)["id"].GetString()!;
            await Eventually.TrueAsync(async () => (await GetAsync(portal, id)).GetProperty("bytes_done").GetInt64() > Size - (4 * Mebi), "a third of the damage is loaded");
            await portal.KillAsync();
        }

        Assert.Equal(damaged, await File.ReadAllBytesAsync(file, DownloadBench.Token));
        Assert.True(File.Exists(file + ".part") && File.Exists(file + ".part.json"));
        server.BytesPerSecond = null;
        int before = server.Requests.Count;
        await using var again = await PortalProcess.StartAsync(folder.Path);
        await Eventually.TrueAsync(async () => (await GetAsync(again, id)).GetProperty("state").GetString() == "completed", "it is complete");
        Assert.Equal(content, await File.ReadAllBytesAsync(file, DownloadBench.Token));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
        await Eventually.TrueAsync(async () => await StateAsync(again) == "healthy", "it was checked");

        // What had arrived, up to the second before the kill, is not asked for again.
        Assert.InRange(server.Requests.Skip(before).Sum(request => request.Range!.Value.To!.Value + 1 - request.Range.Value.From), 1, Damage - 1);
    }

    private static async Task<JsonElement> GetAsync(PortalProcess portal, string id) => (await portal.Client.GetAsync("models/downloads/" + id)).Expect(200).Json;

    private static async Task<JsonElement> ModelAsync(PortalProcess portal) =>
        (await portal.Client.GetAsync("models")).Expect(200)["items"].EnumerateArray().FirstOrDefault(model => model.GetProperty("name").GetString() == "org/big");

    private static async Task<string?> StateAsync(PortalProcess portal) => await ModelAsync(portal) is { ValueKind: JsonValueKind.Object } model ? model.GetProperty("state").GetString() : null;
}
