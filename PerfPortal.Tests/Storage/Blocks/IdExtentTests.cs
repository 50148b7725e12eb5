using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Blocks;

public sealed class IdExtentTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Version_7_ids_are_searched_only_where_their_time_is()
    {
        var extent = Of(Guid.CreateVersion7(Noon), OperationIds.Next(Noon.AddMinutes(5)));
        Assert.Equal(Noon.ToUnixTimeMilliseconds(), extent.MinMs);
        Assert.Equal(Noon.AddMinutes(5).ToUnixTimeMilliseconds(), extent.MaxMs);
        Assert.True(MayContain(extent, Guid.CreateVersion7(Noon.AddMinutes(2))));
        Assert.False(MayContain(extent, Guid.CreateVersion7(Noon.AddMinutes(6))));
        Assert.False(MayContain(extent, Guid.CreateVersion7(Noon.AddMinutes(-1))));
        Assert.False(MayContain(extent, Guid.NewGuid()));
    }

    [Fact]
    public void Random_ids_are_searched_only_where_there_are_some()
    {
        var extent = Of(Guid.NewGuid());
        Assert.False(extent.HasTimestamps);
        Assert.True(MayContain(extent, Guid.NewGuid()));
        Assert.False(MayContain(extent, Guid.CreateVersion7(Noon)));
    }

    [Fact]
    public void An_unknown_extent_excludes_nothing()
    {
        Assert.All([Guid.NewGuid(), Guid.CreateVersion7(Noon), Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.Empty, Guid.AllBitsSet],
            id => Assert.True(MayContain(IdExtent.Unknown, id)));
        Assert.False(Of().HasTimestamps || Of().HasOthers);
    }

    [Fact]
    public void The_extent_survives_storage()
    {
        SeriesExtent[] series = [new(new(MetricType.HealthCheck, 3, 4, OperationStatus.Failed), 10, 300)];
        IdExtent[] extents = [Of(Guid.NewGuid()), Of(Guid.CreateVersion7(Noon)), Of(Guid.NewGuid(), Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon.AddDays(9)))];
        foreach (var extent in extents)
        {
            var (ids, read) = SeriesList.Read(SeriesList.Write(extent, series));
            Assert.Equal(extent, ids);
            Assert.Equal(series, read);
        }
    }

    [Fact]
    public void A_block_of_an_earlier_version_is_read_and_may_contain_any_id()
    {
        var (ids, series) = SeriesList.Read([1, 0x10, 3, 4, 10, 5]);
        Assert.Equal(IdExtent.Unknown, ids);
        Assert.Equal((10, 15), (Assert.Single(series).MinDuration, Assert.Single(series).MaxDuration));
        Assert.Throws<InvalidDataException>(() => SeriesList.Read([9]));
    }

    private static IdExtent Of(params Guid[] ids) => IdExtent.Of([.. ids.Select(OperationKeys.Split)]);

    private static bool MayContain(IdExtent extent, Guid id)
    {
        var (high, low) = OperationKeys.Split(id);
        return extent.MayContain(high, low);
    }
}
