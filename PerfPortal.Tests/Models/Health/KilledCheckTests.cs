using System.Text.Json;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Hosting;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

/// <summary>A portal that is killed while it checks a model.</summary>
public sealed class KilledCheckTests
{
    private const long Size = 3L << 20;
    private const long DamagedBlock = 1L << 20;
    private const long DamagedAt = DamagedBlock + 77;

    // Sparse: it takes no room on the disk. At the rate below it is read for minutes.
    private const long NextSize = 2L << 30;

    private static readonly (string Name, string Value) Rate = ("Models:MaxCheckMbPerSecond", "8");

    [Fact]
    public async Task The_last_result_stands_after_a_kill_and_the_next_check_finds_what_the_killed_one_would_have()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Join(Directory.CreateDirectory(Path.Join(folder.Path, "data", "models", "files", "big")).FullName, "model.bin");
        Write(file, Size);
        string health = Path.Join(folder.Path, "data", "models", "health");
        JsonElement healthy;
        await using (var portal = await PortalProcess.StartAsync(folder.Path, settings: Rate))
        {
            healthy = await CheckAsync(portal, "healthy");
            ModelFolder.FlipSilently(file, DamagedAt);
            // However fast the machine is, the check that has read the file before has not ended when the kill comes.
            Write(Path.Join(Path.GetDirectoryName(file), "next.bin"), NextSize);
            (await portal.Client.PostAsync("models/checks", new { model = "big", full = true })).Expect(202);
            var check = (await ModelAsync(portal)).GetProperty("checking_operation_id").GetGuid();
            await Eventually.TrueAsync(async () => await DoneAsync(portal, check) >= Size, "the damage was read");
            await portal.KillAsync();
        }

        File.Delete(Path.Join(Path.GetDirectoryName(file), "next.bin"));

        string record = Assert.Single(Directory.GetFiles(health, "*.json"));
        using (var document = JsonDocument.Parse(await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken)))
        {
            Assert.Equal("Healthy", document.RootElement.GetProperty("health").GetProperty("state").GetString());
        }

        Assert.Single(Directory.GetFiles(health, "*.blocks"));
        await using var again = await PortalProcess.StartAsync(folder.Path);
        var known = await ModelAsync(again);
        Assert.Equal(("healthy", healthy.GetProperty("last_checked_at").GetDateTimeOffset()), (known.GetProperty("state").GetString(), known.GetProperty("last_checked_at").GetDateTimeOffset()));
        var damaged = await CheckAsync(again, "damaged");
        var range = Assert.Single(Assert.Single(damaged.GetProperty("repair").GetProperty("steps").EnumerateArray()).GetProperty("ranges").EnumerateArray());
        Assert.Equal((DamagedBlock, 1L << 20), (range.GetProperty("offset").GetInt64(), range.GetProperty("length").GetInt64()));
        Assert.Empty(Directory.GetFiles(health, "*.tmp"));
        Assert.Empty(Directory.GetFiles(health, "*.broken"));
    }

    private static void Write(string path, long size)
    {
        using var stream = File.Create(path);
        stream.SetLength(size);
    }

    private static async Task<double> DoneAsync(PortalProcess portal, Guid operation) =>
        (await portal.Client.GetAsync("operations/active")).Expect(200)["items"].EnumerateArray().Single(item => item.GetProperty("id").GetGuid() == operation) is var running
        && running.GetProperty("progress") is { ValueKind: JsonValueKind.Object } progress ? progress.GetProperty("done").GetDouble() : 0;

    private static async Task<JsonElement> CheckAsync(PortalProcess portal, string state)
    {
        (await portal.Client.PostAsync("models/checks", new { model = "big", full = true })).Expect(202);
        JsonElement model = default;
        await Eventually.TrueAsync(
            async () =>
            {
                model = await ModelAsync(portal);
                return model.GetProperty("state").GetString() == state && model.GetProperty("checking_operation_id").ValueKind == JsonValueKind.Null;
            },
            "it is " + state);
        return model;
    }

    private static async Task<JsonElement> ModelAsync(PortalProcess portal) => Assert.Single((await portal.Client.GetAsync("models")).Expect(200)["items"].EnumerateArray());
}
