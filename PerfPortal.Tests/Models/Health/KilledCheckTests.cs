using System.Text.Json;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Hosting;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

/// <summary>A portal that is killed while it checks a model.</summary>
public sealed class KilledCheckTests
{
    // Sparse: it takes no room on the disk, and about a second to read.
    private const long Size = 1L << 30;
    private const long DamagedAt = (700L << 20) + 77;

    [Fact]
    public async Task The_last_result_stands_after_a_kill_and_the_next_check_finds_what_the_killed_one_would_have()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Join(Directory.CreateDirectory(Path.Join(folder.Path, "data", "models", "files", "big")).FullName, "model.bin");
        await using (var stream = File.Create(file))
        {
            stream.SetLength(Size);
        }

        string health = Path.Join(folder.Path, "data", "models", "health");
        JsonElement healthy;
        await using (var portal = await PortalProcess.StartAsync(folder.Path))
        {
            healthy = await CheckAsync(portal, "healthy");
            ModelFolder.FlipSilently(file, DamagedAt);
            (await portal.Client.PostAsync("models/checks", new { model = "big", full = true })).Expect(202);
            var running = await ModelAsync(portal);
            Assert.NotEqual(JsonValueKind.Null, running.GetProperty("checking_operation_id").ValueKind);
            await portal.KillAsync();
        }

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
        Assert.Equal((700L << 20, 1L << 20), (range.GetProperty("offset").GetInt64(), range.GetProperty("length").GetInt64()));
        Assert.Empty(Directory.GetFiles(health, "*.tmp"));
        Assert.Empty(Directory.GetFiles(health, "*.broken"));
    }

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
