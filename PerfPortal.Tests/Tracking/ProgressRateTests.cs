using PerfPortal.Domain.Tracking;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Tracking;

public sealed class ProgressRateTests
{
    private const double GiB = 1L << 30;

    private readonly ProgressRate _rate = new();

    [Fact]
    public void A_steady_rate_is_known_from_the_second_report_on_and_does_not_vary()
    {
        Report(0, 0);
        Assert.Null(At(0));
        Report(0, 10);
        Assert.Null(At(0));
        for (int i = 1; i < 50; i++)
        {
            Report(i, i * 10);
        }

        Assert.Equal(10, At(49)!.Value.PerSecond, 9);
        Assert.Equal(0, At(49)!.Value.Deviation, 6);
    }

    [Fact]
    public void What_lies_twenty_seconds_back_counts_for_half_and_a_step_back_begins_anew()
    {
        Report(0, 0);
        Report(20, 20);
        Report(40, 80);

        // 1/s with a weight of 1/3 and 3/s with 2/3.
        Assert.Equal(7 / 3.0, At(40)!.Value.PerSecond, 9);
        Assert.Equal(Math.Sqrt(8 / 9.0), At(40)!.Value.Deviation, 9);
        Report(50, 5);
        Assert.Null(At(50));
    }

    [Fact]
    public void A_resumed_download_has_no_rate_before_two_reports_and_what_was_there_is_not_progress()
    {
        _rate.Begin(MemoryJournal.Start);
        Report(0.05, 2.1 * GiB);
        Assert.Null(At(0.05));
        Report(1.05, (2.1 * GiB) + 10e6);
        Assert.Equal(10e6, At(1.05)!.Value.PerSecond, 1);
    }

    [Fact]
    public void A_burst_of_reports_within_a_tenth_of_a_second_does_not_dominate_what_follows()
    {
        Report(0, 0);
        Report(0.05, 5e9);
        Assert.Null(At(0.05));
        Report(0.15, 5e9);
        for (int second = 1; second <= 10; second++)
        {
            Report(0.15 + second, 5e9 + (second * 10e6));
        }

        // The first tenth of a second keeps only its weight in ten seconds.
        Assert.InRange(At(10.15)!.Value.PerSecond, 10e6, 5e9 / 10);
        for (int second = 11; second <= 300; second++)
        {
            Report(0.15 + second, 5e9 + (second * 10e6));
        }

        Assert.Equal(10e6, At(300.15)!.Value.PerSecond, 10e6 / 100);
    }

    [Fact]
    public void Silence_halves_the_rate_every_twenty_seconds_and_is_called_a_stall_when_it_is_unusually_long()
    {
        for (int second = 0; second <= 300; second++)
        {
            Report(second, second * 10);
        }

        Assert.Equal(10, At(302)!.Value.PerSecond, 6);
        Assert.Equal(5, At(322)!.Value.PerSecond, 0.01);
        Assert.Equal(2.5, At(342)!.Value.PerSecond, 0.01);
        Assert.Equal(0, At(900)!.Value.PerSecond);
        Assert.Null(Stalled(309.9));
        Assert.Equal(10, Stalled(310));
        Assert.Equal(50, Stalled(350));
        Report(351, 3_010);
        Assert.Null(Stalled(351));
    }

    [Fact]
    public void Ten_seconds_of_progress_and_a_minute_of_heartbeats_are_a_stall_of_a_minute()
    {
        for (int second = 0; second <= 10; second++)
        {
            Report(second, second * 24.58e6);
        }

        Assert.Equal(24.58e6, At(10)!.Value.PerSecond, 1);
        Assert.Equal(50, Stalled(60));
        Assert.InRange(At(60)!.Value.PerSecond, 0, 24.58e6 / 10);
    }

    [Fact]
    public void Reports_that_repeat_what_is_done_are_no_progress()
    {
        for (int second = 0; second <= 60; second++)
        {
            Report(second, Math.Min(second, 10) * 10);
        }

        Assert.Equal(50, Stalled(60));
        Assert.InRange(At(60)!.Value.PerSecond, 0.1, 3);
    }

    [Fact]
    public void One_that_advances_once_a_minute_is_not_stalled_between_two_advances()
    {
        for (int minute = 0; minute <= 10; minute++)
        {
            Report(minute * 60, minute);
        }

        Assert.Null(Stalled((10 * 60) + 179));
        Assert.Equal(1 / 60.0, At((10 * 60) + 119)!.Value.PerSecond, 6);
        Assert.Equal(180, Stalled((10 * 60) + 180));
    }

    [Fact]
    public void Without_a_known_rhythm_a_minute_without_progress_is_a_stall_and_without_progress_nothing_is()
    {
        Assert.Null(Stalled(1_000));
        _rate.Begin(MemoryJournal.Start);
        Assert.Null(Stalled(59));
        Assert.Equal(60, Stalled(60));
        Report(70, 1);
        Assert.Null(Stalled(129));
        Assert.Equal(60, Stalled(130));
    }

    [Fact]
    public void Time_in_which_the_portal_did_not_run_is_neither_silence_nor_part_of_a_rate()
    {
        for (int second = 0; second <= 30; second++)
        {
            Report(second, second * 10);
        }

        _rate.Skip(TimeSpan.FromSeconds(600), MemoryJournal.Start.AddSeconds(631));
        Assert.Null(Stalled(631));
        Assert.Equal(10, At(631)!.Value.PerSecond, 6);
        Report(632, 6_320);
        Report(633, 6_330);
        Assert.Equal(10, At(633)!.Value.PerSecond, 6);
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_stop_the_measurement()
    {
        Report(1_000, 0);
        Report(1_001, 10);
        Report(0, 20);
        Report(1, 30);
        Assert.Equal(10, At(1)!.Value.PerSecond, 6);
    }

    [Fact]
    public void Another_unit_begins_anew()
    {
        _rate.Report(10, MemoryJournal.Start, "files");
        _rate.Report(11, MemoryJournal.Start.AddSeconds(1), "files");
        _rate.Report(5e9, MemoryJournal.Start.AddSeconds(2), "bytes");
        Assert.Null(At(2));
    }

    private void Report(double second, double done) => _rate.Report(done, MemoryJournal.Start.AddSeconds(second));

    private RateEstimate? At(double second) => _rate.Pace.RateAt(MemoryJournal.Start.AddSeconds(second));

    private double? Stalled(double second) => _rate.Pace.StalledAt(MemoryJournal.Start.AddSeconds(second))?.TotalSeconds;
}
