using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using Xunit;

namespace PerfPortal.Tests.Contract;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_marker_is_stored_once_is_found_by_its_time_and_source_and_is_gone_when_it_is_deleted()
    {
        var markers = new EfMarkerStore(Database, TimeProvider.System);
        var facts = Metadata.Of([new("version", MetadataValue.From("1.4.2"))]);
        var (deployed, isNew) = await markers.AddAsync(Noon, "deploy 1.4.2", "gpu-1", facts, Token);
        Assert.True(isNew);
        var (same, isNewAgain) = await markers.AddAsync(Noon, "deploy 1.4.2", "gpu-1", facts, Token);
        Assert.Equal((deployed.Id, false), (same.Id, isNewAgain));
        await markers.AddAsync(Noon.AddMinutes(5), "config", null, Metadata.Empty, Token);
        Assert.Equal(["config", "deploy 1.4.2"], await NamesAsync(markers, "gpu-1"));
        Assert.Equal(["config"], await NamesAsync(markers, "gpu-2"));

        Assert.True(await markers.DeleteAsync(deployed.Id, Token));
        Assert.False(await markers.DeleteAsync(deployed.Id, Token));
        Assert.False(await markers.DeleteAsync(-1, Token));
        Assert.Equal(["config"], await NamesAsync(markers, null));
        Assert.True((await markers.AddAsync(Noon, "deploy 1.4.2", "gpu-1", facts, Token)).IsNew);
        Assert.Equal(["config", "deploy 1.4.2"], await NamesAsync(markers, null));
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(EfMarkerStore markers, string? source) =>
        [.. (await markers.ReadAsync(new(Noon.AddHours(-1), Noon.AddHours(1)), source, 100, Token)).Select(marker => marker.Name)];
}
