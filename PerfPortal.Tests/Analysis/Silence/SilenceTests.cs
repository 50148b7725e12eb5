using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Analysis.Silence;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using Xunit;

namespace PerfPortal.Tests.Analysis.Silence;

public sealed class SilenceTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(9, false)]
    [InlineData(16, true)]
    public void A_host_that_reported_each_minute_is_silent_after_a_quarter_of_an_hour(double minutes, bool isSilent)
    {
        var found = SilentHost.Find(Sample(minutes), [Reported(minutes, _ => true)], Now, Now.AddMinutes(-minutes));
        Assert.Equal(isSilent, found is not null);
        if (found is not null)
        {
            Assert.Equal("gpu-2 has reported no samples since 2026-03-10 12:14 UTC (for 16 m 00 s); in the day before that it reported at least every 5 m 00 s.", found.Sentence);
            Assert.Equal(Now.AddMinutes(-16), found.Since);
        }
    }

    [Fact]
    public void A_host_that_reports_each_half_hour_is_not_silent_after_an_hour()
    {
        Assert.Null(SilentHost.Find(Sample(60), [Reported(60, i => i % 6 == 0)], Now, Now.AddMinutes(-60)));
        Assert.NotNull(SilentHost.Find(Sample(95), [Reported(95, i => i % 6 == 0)], Now, Now.AddMinutes(-95)));
    }

    [Fact]
    public void Time_in_which_the_portal_was_down_is_not_silence() =>
        Assert.Null(SilentHost.Find(Sample(600), [Reported(600, _ => true)], Now, Now.AddMinutes(-5)));

    [Fact]
    public void A_host_that_was_only_tried_out_is_not_missed() =>
        Assert.Null(SilentHost.Find(Sample(60), [Reported(60, i => i >= 280)], Now, Now.AddMinutes(-60)));

    [Fact]
    public void A_host_without_measurements_is_not_judged() => Assert.Null(SilentHost.Find(Sample(60), [], Now, Now.AddMinutes(-60)));

    [Fact]
    public void Steady_operations_that_stop_are_noticed_after_a_quarter_of_an_hour()
    {
        Assert.Null(SilentOperations.Find(Counts(2, _ => 4), NoHours, Now, DateTimeOffset.MinValue));
        var found = SilentOperations.Find(Counts(3, _ => 4), NoHours, Now, DateTimeOffset.MinValue);
        Assert.NotNull(found);
        Assert.Equal("No operation has ended since 2026-03-10 12:15 UTC (for more than 15 m 00 s); in the 24 hours before, one ended at least every 5 m 00 s.", found.Sentence);
        Assert.Equal(Now.AddMinutes(-15), found.Since);
        Assert.Equal(FindingKind.Silence, found.Kind);
    }

    [Fact]
    public void A_quiet_night_is_not_silence_and_a_quiet_morning_after_quiet_nights_is()
    {
        // Operations from 6 to 22 o'clock on each day.
        static bool IsDay(DateTimeOffset at) => at.Hour is >= 6 and < 22;
        var night = new DateTimeOffset(2026, 3, 10, 3, 0, 0, TimeSpan.Zero);
        Assert.Null(SilentOperations.Find(Counts(0, at => IsDay(at) ? 4 : 0, night), Hours(night, at => IsDay(at) ? 40 : 0), night, DateTimeOffset.MinValue));

        // Today nobody began at 6: at 8 it is plain.
        var stopped = new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);
        var morning = stopped.AddHours(9);
        var found = SilentOperations.Find(
            Counts(0, at => IsDay(at) && at < stopped ? 4 : 0, morning), Hours(morning, at => IsDay(at) && at < stopped ? 40 : 0), morning, DateTimeOffset.MinValue);
        Assert.NotNull(found);
        Assert.Contains("on each of the", found.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_operations_at_odd_times_are_never_missed() =>
        Assert.Null(SilentOperations.Find(Counts(30, at => at.Minute == 0 && at.Hour % 7 == 0 ? 1 : 0), NoHours, Now, DateTimeOffset.MinValue));

    [Fact]
    public void Nothing_at_all_is_not_silence()
    {
        Assert.Null(SilentOperations.Find(new(default, Step, []), NoHours, Now, DateTimeOffset.MinValue));
        Assert.Null(SilentOperations.Find(Counts(0, _ => 0), NoHours, Now, DateTimeOffset.MinValue));
    }

    [Fact]
    public void After_a_start_of_the_portal_reports_get_time_to_arrive()
    {
        var counts = Counts(24, _ => 4);
        Assert.Null(SilentOperations.Find(counts, NoHours, Now, Now.AddMinutes(-10)));
        Assert.NotNull(SilentOperations.Find(counts, NoHours, Now, Now.AddMinutes(-20)));
    }

    private static EndedCounts NoHours => new(Now.AddDays(-14), TimeSpan.FromHours(1), []);

    private static ResourceSample Sample(double minutesAgo) => new("gpu-2", Now.AddMinutes(-minutesAgo));

    /// <summary>A day of steps until the last sample.</summary>
    private static ResourceSeries Reported(double minutesAgo, Func<int, bool> isReported) =>
        new("gpu-2", ResourceMetric.CpuPercent, Now.AddMinutes(-minutesAgo).AddDays(-1), Step, [.. Enumerable.Range(0, 288).Select(i => isReported(i) ? 40 : double.NaN)]);

    /// <summary>Two days of counts, of which the last steps are empty.</summary>
    private static EndedCounts Counts(int emptySteps, Func<DateTimeOffset, long> at, DateTimeOffset? now = null)
    {
        const int Steps = 576;
        var start = (now ?? Now) - (Steps * Step);
        return new(start, Step, [.. Enumerable.Range(0, Steps).Select(i => i >= Steps - emptySteps ? 0 : at(start + (i * Step)))]);
    }

    private static EndedCounts Hours(DateTimeOffset now, Func<DateTimeOffset, long> at)
    {
        var start = now.AddDays(-13);
        return new(start, TimeSpan.FromHours(1), [.. Enumerable.Range(0, 13 * 24).Select(i => at(start.AddHours(i)))]);
    }
}
