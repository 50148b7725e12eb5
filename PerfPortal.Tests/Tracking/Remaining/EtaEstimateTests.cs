using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Remaining;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Tracking.Remaining;

public sealed class EtaEstimateTests
{
    private const double MiB = 1 << 20;

    private readonly ProgressRate _rate = new();

    [Fact]
    public void A_download_resumed_at_21_percent_is_judged_by_what_it_downloads_now()
    {
        // 2.1 of 10 GiB were there; 10 MiB/s from then on.
        for (int second = 0; second <= 10; second++)
        {
            Report(second, (2_150 + (second * 10)) * MiB);
        }

        var eta = Of(10, 2_250 * MiB, 10_240 * MiB)!.Value;
        Assert.Equal((10_240 - 2_250) / 10.0, eta.P50, 0.1);
        Assert.Equal(EtaBasis.Progress, eta.Basis);
    }

    [Fact]
    public void A_steady_download_is_sure_and_a_bursty_one_is_not()
    {
        var bursty = new ProgressRate();
        double done = 0;
        for (int second = 0; second <= 60; second++)
        {
            Report(second, second * 10);
            bursty.Report(done += second % 2 == 0 ? 19 : 1, At(second));
        }

        var sure = Of(60, 600, 1_200)!.Value;
        var unsure = EtaEstimate.Of(new(600, 1_200, null), bursty.Pace, 60, At(60), null, null)!.Value;
        Assert.Equal(60, sure.P50, 0.01);
        Assert.InRange(unsure.P50, 50, 70);
        Assert.True(unsure.Spread > 3 * sure.Spread, $"{unsure.Spread} {sure.Spread}");
    }

    [Fact]
    public void The_time_left_of_a_silent_operation_grows_whatever_its_history_says()
    {
        for (int second = 0; second <= 60; second++)
        {
            Report(second, second * 10);
        }

        var durations = new DurationSketch();
        durations.Add(300, 20);
        foreach (var history in new[] { null, durations })
        {
            var times = Enumerable.Range(0, 10).Select(i => EtaEstimate.Of(new(600, 2_000, null), _rate.Pace, 62 + (i * 5), At(62 + (i * 5)), null, history)!.Value.P50).ToList();
            Assert.Equal(times.Order(), times);
            Assert.True(times[^1] > 1.1 * times[0]);
        }
    }

    [Fact]
    public void A_total_that_shrinks_shortens_the_rest_and_one_below_what_is_done_leaves_nothing()
    {
        for (int second = 0; second <= 60; second++)
        {
            Report(second, second * 10);
        }

        Assert.Equal(60, Of(60, 600, 1_200)!.Value.P50, 0.01);
        Assert.Equal(30, Of(60, 600, 900)!.Value.P50, 0.01);
        Assert.Equal(0, Of(60, 600, 500)!.Value.P50);
        Assert.Equal(0, Of(60, 600, 600)!.Value.P50);
    }

    [Fact]
    public void Without_a_total_the_history_counts_and_without_both_nothing_is_said()
    {
        var durations = new DurationSketch();
        for (int i = 1; i < LogEstimate.MinimumHistory; i++)
        {
            durations.Add(i * 10);
        }

        Report(0, 0);
        Report(1, 5);
        Assert.Null(EtaEstimate.Of(new(5, null, null), _rate.Pace, 1, At(1), null, durations));
        durations.Add(50);
        var eta = EtaEstimate.Of(new(5, null, null), _rate.Pace, 0, At(1), null, durations)!.Value;
        Assert.Equal((30, EtaBasis.History), (Math.Round(eta.P50), eta.Basis));
        Assert.Equal(15, EtaEstimate.Of(null, default, 25, At(25), null, durations)!.Value.P50, 0.5);
        Assert.Null(EtaEstimate.Of(null, default, 60, At(60), null, durations));
        Assert.NotNull(EtaEstimate.Of(null, default, -5, At(0), null, durations));
        Assert.Null(EtaEstimate.Of(new(0, 100, null), default, 0, At(0), null, null));
    }

    [Fact]
    public void Rate_and_history_are_weighted_by_the_inverse_of_their_variance()
    {
        // ln 100 with deviation 0.2 and ln 50 with 0.4: weights 25 and 6.25.
        var both = LogEstimate.Combine(new(Math.Log(100), 0.2), new(Math.Log(50), 0.4))!.Value;
        Assert.Equal(Math.Exp(((25 * Math.Log(100)) + (6.25 * Math.Log(50))) / 31.25), both.Seconds, 9);
        Assert.Equal(1 / Math.Sqrt(31.25), both.Deviation, 9);
        Assert.Equal(new LogEstimate(1, 0.5), LogEstimate.Combine(null, new LogEstimate(1, 0.5)));
        Assert.Null(LogEstimate.Combine(null, null));
    }

    [Fact]
    public void What_the_name_usually_achieves_says_how_long_it_takes_before_the_second_report()
    {
        var usual = new UsualPace("bytes", Math.Log(100), 0.1, 1, UsualPace.MinimumCount);
        Assert.Equal(10, EtaEstimate.Of(new(0, 1_000, "bytes"), default, 0, At(0), usual, null)!.Value.P50, 9);
        Assert.Null(EtaEstimate.Of(new(0, 1_000, "files"), default, 0, At(0), usual, null));
        Assert.Null(EtaEstimate.Of(new(0, 1_000, "bytes"), default, 0, At(0), usual with { Count = 4 }, null));
    }

    [Fact]
    public void What_was_done_since_the_last_report_is_not_left_any_more()
    {
        for (int minute = 0; minute <= 10; minute++)
        {
            Report(minute * 60, minute);
        }

        Assert.Equal(600, Of(600, 10, 20)!.Value.P50, 0.01);
        Assert.Equal(570, Of(630, 10, 20)!.Value.P50, 0.01);
    }

    private static DateTimeOffset At(double second) => MemoryJournal.Start.AddSeconds(second);

    private void Report(double second, double done) => _rate.Report(done, At(second));

    private EtaEstimate? Of(double second, double done, double total) => EtaEstimate.Of(new(done, total, null), _rate.Pace, second, At(second), null, null);
}
