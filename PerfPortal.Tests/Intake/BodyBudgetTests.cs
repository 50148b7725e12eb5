using Microsoft.Extensions.Time.Testing;
using PerfPortal.Server.Intake;
using Xunit;

namespace PerfPortal.Tests.Intake;

public sealed class BodyBudgetTests
{
    private const int Max = 64 * 1024 * 1024;

    [Fact]
    public void A_body_that_grows_is_counted_with_what_it_allocates_and_returned_at_the_end()
    {
        using var budget = new BodyBudget(BodyBudget.PortalBytes, TimeProvider.System);
        using (var charge = new BodyCharge(budget))
        {
            using var buffer = new BodyBuffer(0, Max, charge);
            Fill(buffer, 3 * 1024 * 1024);
            Assert.Equal((4 * 1024 * 1024) - BodyBudget.FreeBytes, budget.Used);
        }

        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void A_body_beyond_the_budget_is_refused_and_small_ones_still_fit()
    {
        using var budget = new BodyBudget(8 * 1024 * 1024, TimeProvider.System);
        using var first = new BodyCharge(budget);
        using var large = new BodyBuffer(0, Max, first);
        Fill(large, 3 * 1024 * 1024);
        using (var second = new BodyCharge(budget))
        {
            using var other = new BodyBuffer(0, Max, second);
            Assert.Throws<BodyBudgetException>(() => Fill(other, 5 * 1024 * 1024));
        }

        Assert.Equal((4 * 1024 * 1024) - BodyBudget.FreeBytes, budget.Used);
        using var third = new BodyCharge(budget);
        using var small = new BodyBuffer(0, BodyLimits.Single.Decompressed, third);
        Fill(small, BodyLimits.Single.Decompressed + 1);
        Assert.True(small.IsTooLong);
        Assert.Equal((4 * 1024 * 1024) - BodyBudget.FreeBytes, budget.Used);
    }

    [Fact]
    public void A_body_of_the_greatest_size_never_takes_the_whole_budget()
    {
        using var budget = new BodyBudget(BodyBudget.PortalBytes, TimeProvider.System);
        using var charge = new BodyCharge(budget);
        using var buffer = new BodyBuffer(0, Max, charge);
        Fill(buffer, Max + 1);
        Assert.True(buffer.IsTooLong);
        Assert.Equal(Max + 1 - BodyBudget.FreeBytes, budget.Used);
    }

    [Fact]
    public void The_memory_of_large_bodies_is_given_back_once_a_minute_after_the_last_one()
    {
        var time = new FakeTimeProvider();
        int collections = 0;
        using var budget = new BodyBudget(BodyBudget.PortalBytes, time, () => collections++);
        Read(17);
        time.Advance(TimeSpan.FromSeconds(59));
        Read(17);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, collections);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, collections);

        Read(3);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, collections);

        void Read(int megabytes)
        {
            using var charge = new BodyCharge(budget);
            using var buffer = new BodyBuffer(0, Max, charge);
            Fill(buffer, megabytes * 1024 * 1024);
        }
    }

    private static void Fill(BodyBuffer buffer, int bytes)
    {
        while (buffer.Length < bytes)
        {
            buffer.Advance(Math.Min(buffer.Room().Length, bytes - buffer.Length));
        }
    }
}
