using FsCheck.Xunit;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.SizeLimit;
using Xunit;

namespace PerfPortal.Tests.Storage.SizeLimit;

public sealed class SizePlanTests
{
    private const long Mb = 1 << 20;

    private static readonly DateTimeOffset Now = new(2026, 3, 8, 12, 20, 30, TimeSpan.Zero);
    private static readonly DataHorizon Retained = new(Hour(-168), Hour(-840), Hour(-19_200));

    [Fact]
    public void The_oldest_operations_go_down_to_95_percent_of_the_limit()
    {
        // 100 MB over 100 hours; 80 MB may stay, and 76 do.
        var plan = SizePlan.Of(100 * Mb, 80 * Mb, [Of(StoredTier.Rows, -100, 0, 100)], Retained, DataHorizon.None, Now);
        Assert.Equal(Hour(-76), plan.Horizon.Rows);
        Assert.Equal((DateTimeOffset.MinValue, DateTimeOffset.MinValue), (plan.Horizon.Minutes, plan.Horizon.Hours));
        Assert.False(plan.IsExhausted);
    }

    [Fact]
    public void Nothing_newer_than_an_hour_is_deleted_and_that_it_is_not_enough_is_told()
    {
        var plan = SizePlan.Of(100 * Mb, 16 * Mb, [Of(StoredTier.Rows, -2, 0, 100)], Retained, DataHorizon.None, Now);
        Assert.True(plan.Horizon.Rows <= Now.AddHours(-1) && plan.Horizon.Rows > Now.AddHours(-1).AddMinutes(-1));
        Assert.True(plan.IsExhausted);
    }

    [Fact]
    public void Years_of_statistics_are_kept_where_deleting_them_would_not_be_enough()
    {
        StoredExtent[] extents = [Of(StoredTier.Rows, -2, 0, 90), Of(StoredTier.Minutes, -840, 0, 5), Of(StoredTier.Hours, -19_000, 0, 5)];
        var plan = SizePlan.Of(100 * Mb, 16 * Mb, extents, Retained, DataHorizon.None, Now);
        Assert.True(plan.IsExhausted);
        Assert.True(plan.Horizon.Rows > Now.AddHours(-2));
        Assert.Equal((DateTimeOffset.MinValue, DateTimeOffset.MinValue), (plan.Horizon.Minutes, plan.Horizon.Hours));
    }

    [Fact]
    public void Old_minute_statistics_go_first_where_they_take_up_most()
    {
        StoredExtent[] extents = [Of(StoredTier.Rows, -168, 0, 20), Of(StoredTier.Minutes, -840, 0, 80)];
        var plan = SizePlan.Of(100 * Mb, 90 * Mb, extents, Retained, DataHorizon.None, Now);
        Assert.Equal(DateTimeOffset.MinValue, plan.Horizon.Rows);
        Assert.InRange(plan.Horizon.Minutes, Hour(-840 + 152), Hour(-840 + 153));
    }

    [Fact]
    public void Where_minute_statistics_are_as_short_as_operations_both_become_shorter()
    {
        StoredExtent[] extents = [Of(StoredTier.Rows, -168, 0, 20), Of(StoredTier.Minutes, -168, 0, 80)];
        var plan = SizePlan.Of(100 * Mb, 50 * Mb, extents, Retained, DataHorizon.None, Now);
        Assert.True(plan.Horizon.Rows > Retained.Rows);
        Assert.True(plan.Horizon.Minutes > Retained.Rows && plan.Horizon.Minutes <= plan.Horizon.Rows);
        Assert.False(plan.IsExhausted);
    }

    [Fact]
    public void Blocks_that_span_days_are_cut_in_the_middle()
    {
        // Reports with ends at random over six days: every block overlaps every other.
        var blocks = Enumerable.Range(0, 50).Select(_ => Of(StoredTier.Rows, -144, 0, 2)).ToList();
        var plan = SizePlan.Of(100 * Mb, 80 * Mb, blocks, Retained, DataHorizon.None, Now);
        Assert.InRange(plan.Horizon.Rows, Hour(-144 + 34), Hour(-144 + 35));
    }

    [Property]
    public void Later_details_always_go_first_and_horizons_never_move_back(int seed)
    {
        var random = new Random(seed);
        var extents = Enumerable.Range(0, 40).Select(_ =>
        {
            int from = -random.Next(1, 1_000);
            return Of((StoredTier)random.Next(3), from, from + random.Next(1, -from + 1), random.Next(1, 20));
        }).ToList();
        long used = (long)extents.Sum(extent => extent.Bytes) + random.Next(10_000_000);
        var current = random.Next(2) == 0 ? DataHorizon.None : new DataHorizon(Hour(-100), Hour(-200), Hour(-300));
        var plan = SizePlan.Of(used, used * random.Next(1, 100) / 100, extents, Retained, current, Now);
        Assert.Equal(plan.Horizon, plan.Horizon.Later(current));
        Assert.True(plan.Horizon.Rows <= Now.AddHours(-1));
        var effective = plan.Horizon.Later(Retained);
        Assert.True(effective.Hours <= effective.Minutes && effective.Minutes <= effective.Rows);
    }

    private static DateTimeOffset Hour(int hours) => new DateTimeOffset(2026, 3, 8, 12, 0, 0, TimeSpan.Zero).AddHours(hours);

    private static StoredExtent Of(StoredTier tier, int fromHour, int toHour, double megabytes) =>
        new(tier, Hour(fromHour).ToMicroseconds(), Hour(toHour).ToMicroseconds(), megabytes * Mb);
}
