using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Remaining;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Tracking.Remaining;

public sealed class EtaCalibrationTests
{
    private readonly EtaCalibration _calibration = new();

    [Fact]
    public void The_factor_is_the_ninetieth_percentile_of_the_errors_in_units_of_the_spread()
    {
        var window = new EtaWindow();
        for (int i = 1; i < 20; i++)
        {
            window.Add(new(10, 2, EtaBasis.Progress), 10 + (2 * i));
            Assert.Equal(EtaWindow.InitialFactor, window.Factor);
        }

        window.Add(new(10, 2, EtaBasis.Progress), 50);

        // Rank ⌈0.9 · 21⌉ = 19 of the scores 1 … 20.
        Assert.Equal(19, window.Factor, 9);
        for (int i = 0; i < EtaWindow.Capacity; i++)
        {
            window.Add(new(10, 2, EtaBasis.Progress), 5);
        }

        Assert.Equal((0, EtaWindow.Capacity), (window.Factor, window.Count));
    }

    [Fact]
    public void What_was_learnt_survives_a_restart_before_what_was_learnt_since()
    {
        var before = new EtaCalibration();
        var end = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var estimate = new EtaEstimate(10, 2, EtaBasis.Progress);
        for (int i = 0; i < 250; i++)
        {
            before.Add(MetricType.DownloadOperation, estimate, 13, i % 10 == 0 ? 16 : 11, end.AddMinutes(i));
        }

        string stored = System.Text.Json.JsonSerializer.Serialize(before.State());
        Assert.InRange(stored.Length, 1, 10_000);
        var after = new EtaCalibration();
        after.Restore(System.Text.Json.JsonSerializer.Deserialize<EtaState>(stored)!);
        Assert.Equal(before.CoverageOf(MetricType.DownloadOperation), after.CoverageOf(MetricType.DownloadOperation));
        Assert.Equal(before.Correct(MetricType.DownloadOperation, estimate), after.Correct(MetricType.DownloadOperation, estimate));

        // What ended in the seconds before it was read counts as newer.
        var early = new EtaCalibration();
        early.Add(MetricType.DownloadOperation, estimate, 13, 20, end.AddDays(1));
        early.Restore(before.State());
        var coverage = early.CoverageOf(MetricType.DownloadOperation)!;
        Assert.Equal((EtaCalibration.Capacity, end.AddMinutes(51)), (coverage.Count, coverage.Since));
        early.Restore(new([new((MetricType)99, 7, [double.NaN])], [new((MetricType)99, [end], [true])]));
        Assert.Equal(coverage, early.CoverageOf(MetricType.DownloadOperation));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(4)]
    public void P90_holds_in_nine_of_ten_cases_although_the_spread_is_wrong_by_a_factor(double factor)
    {
        var random = new Random(1);
        int held = 0;
        for (int i = 0; i < 4_000; i++)
        {
            var estimate = new EtaEstimate(100, 10 / factor, EtaBasis.Progress);
            double actual = 100 + (10 * Math.Log(1 / (1 - random.NextDouble())));
            double p90 = _calibration.Correct(MetricType.DownloadOperation, estimate).P90;
            held += actual <= p90 ? 1 : 0;
            _calibration.Add(MetricType.DownloadOperation, estimate, p90, actual, MemoryJournal.Start.AddSeconds(i));
        }

        Assert.InRange(held / 4_000.0, 0.87, 0.93);
        var coverage = _calibration.CoverageOf(MetricType.DownloadOperation)!;
        Assert.Equal((EtaCalibration.Capacity, MemoryJournal.Start.AddSeconds(3_800)), (coverage.Count, coverage.Since));
        Assert.InRange(coverage.Share, 0.8, 0.97);
    }

    [Fact]
    public void A_share_of_fewer_than_twenty_is_not_stated_and_types_are_kept_apart()
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.Null(_calibration.CoverageOf(MetricType.ModelOperation));
            _calibration.Add(MetricType.ModelOperation, new(10, 1, EtaBasis.History), 12, i < 15 ? 11 : 13, MemoryJournal.Start);
        }

        Assert.Equal(0.75, _calibration.CoverageOf(MetricType.ModelOperation)!.Share);
        Assert.Null(_calibration.CoverageOf(MetricType.DownloadOperation));
        Assert.Equal(new Eta(10, 10 + EtaWindow.InitialFactor), _calibration.Correct(MetricType.DownloadOperation, new(10, 1, EtaBasis.History)));
    }
}
