using PerfPortal.Domain.Analysis.Forecasts;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using Xunit;

namespace PerfPortal.Tests.Analysis.Forecasts;

public sealed class ForecastTests
{
    private const int Day = 1_440;
    private const ResourceMetric Disk = ResourceMetric.DiskFreeGb;
    private readonly Random _random = new(11);

    [Fact]
    public void A_disk_that_fills_is_forecast_with_when_how_fast_and_since_when()
    {
        // 4.6 GiB/h since 02:10 of the third day.
        int since = (2 * Day) + 130;
        var scene = new ForecastScene(Disk, 4 * Day, i => 70 + Noise(0.1) - (4.6 * Math.Max(0, i - since) / 60));
        var found = scene.At(since + 375);
        Assert.NotNull(found);
        Assert.Matches(@"^The disk of gpu-2 will have less than 5 GiB left in 8 h \(7–9 h\) and be full in 9 h \(8–10 h\): 41\.\d GiB are free and shrink by 4\.6 GiB/h since \d+-\d\d-\d\d 02:(0[5-9]|1[0-5]) UTC\.$", found.Sentence);
        Assert.InRange(found.Since, ForecastScene.Start.AddMinutes(since - 20), ForecastScene.Start.AddMinutes(since + 20));
        Assert.InRange(found.Size / 3600, 8.5, 9.5);
        Assert.Equal((FindingKind.Forecast, "disk_free_gb", "gpu-2", Severity.Critical), (found.Kind, found.Subject.Measure, found.Subject.Source, found.Severity));
        Assert.True(found.SinceLow <= found.Since && found.Since <= found.SinceHigh);
        Assert.InRange(found.Confidence, 0.8, 0.99);
    }

    [Fact]
    public void A_leak_of_memory_is_forecast_before_it_is_full()
    {
        var scene = new ForecastScene(ResourceMetric.MemoryPercent, 4 * Day, i => Math.Min(100, 40 + Noise(1) + (5.0 * Math.Max(0, i - (2 * Day)) / 60)));
        int? first = scene.FirstFrom(2 * Day, (2 * Day) + 700);
        Assert.InRange(first!.Value, (2 * Day) + 60, (2 * Day) + 420);
        Assert.Matches(@"^The memory of gpu-2 will exceed 85 % in \d h .* and be full in", scene.At(first.Value)!.Sentence);
    }

    [Fact]
    public void A_disk_that_fills_slowly_under_a_daily_course_is_forecast_in_days()
    {
        var scene = new ForecastScene(Disk, 15 * Day, i => 60 - (3.0 * i / Day) + (2.5 * Math.Cos(2 * Math.PI * i / Day)) + Noise(0.2));
        var found = scene.At(10 * Day)!;
        Assert.Matches("^The disk of gpu-2 will have less than 5 GiB left in (7|8|9) days .* and be full in (8|9|10|11) days", found.Sentence);
        Assert.Matches(@"shrink by 3 GiB/day since \d{4}-11-01 \d\d:\d\d UTC\.$", found.Sentence);
        Assert.Equal(Severity.Warning, found.Severity);
    }

    [Fact]
    public void Memory_that_grows_for_weeks_will_exceed_its_threshold()
    {
        var found = new ForecastScene(ResourceMetric.MemoryPercent, 15 * Day, i => 60 + (0.8 * i / Day) - (5 * Math.Cos(2 * Math.PI * i / Day)) + Noise(0.5)).At(14 * Day)!;
        Assert.Matches(@"^The memory of gpu-2 will exceed 85 % in (10|11|12) days .*: 71\.\d % are in use and grow by 0\.8 points per day since \d{4}-11-01 \d\d:\d\d UTC\.$", found.Sentence);
    }

    [Fact]
    public void A_threshold_on_the_way_is_named_in_the_same_finding_and_one_that_lies_behind_is_not()
    {
        ForecastScene Of(double level) => new(ResourceMetric.MemoryPercent, 4 * Day, i => Math.Min(100, level + Noise(0.3) + (3.0 * Math.Max(0, i - (3 * Day)) / 60)));
        var before = Of(60).At((3 * Day) + 360)!;
        Assert.Matches(@"^The memory of gpu-2 will exceed 85 % in 2 h .* and be full in [78] h .*: 7[78](\.\d)? % are in use", before.Sentence);
        Assert.Equal(85, before.Evidence.Single(number => number.Name == "threshold").Value);
        double threshold = before.Evidence.Single(number => number.Name == "threshold_reached_in_median").Value;
        Assert.InRange(threshold / 3600, 1.5, 2.7);
        Assert.True(threshold < before.Size);
        Assert.Equal(100, before.Evidence.Single(number => number.Name == "limit").Value);
        var behind = Of(70).At((3 * Day) + 360)!;
        Assert.StartsWith("The memory of gpu-2 will be full in 4 h", behind.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(behind.Evidence, number => number.Name == "threshold");
    }

    [Fact]
    public void A_slow_steady_leak_of_a_host_that_is_known_for_days_is_found_within_five_hours_and_does_not_flicker()
    {
        // 2.5 points an hour from 50 %: full after 20 hours.
        const int Begin = 6 * Day;
        var scene = new ForecastScene(ResourceMetric.MemoryPercent, 8 * Day, i => Math.Min(100, 50 + Noise(1) + (2.5 * Math.Max(0, i - Begin) / 60)));
        int first = scene.FirstFrom(Begin, Begin + 600)!.Value;
        Assert.InRange(first - Begin, 120, 300);
        Assert.InRange(scene.At(first)!.Size / 3600, 12, 20);
        int[] later = [.. Enumerable.Range(0, 90).Select(i => Begin + 420 + (5 * i))];
        Assert.InRange(later.Count(minute => scene.At(minute) is not null), 81, 90);
    }

    [Fact]
    public void A_growth_that_slows_down_is_not_continued_for_longer_and_nor_is_one_of_a_host_that_is_hardly_known()
    {
        // A cache that fills by 14 points: half of it in the first two hours.
        const int Begin = 6 * Day;
        double Cache(int i, int begin) => i < begin ? 0 : 14 * (1 - Math.Exp(-(i - begin) / 170.0));
        Assert.Null(new ForecastScene(ResourceMetric.MemoryPercent, 8 * Day, i => 50 + Noise(1) + Cache(i, Begin)).FirstFrom(Begin, Begin + 600));

        // As the leak above, but known for a day only.
        var scene = new ForecastScene(ResourceMetric.MemoryPercent, 3 * Day, i => Math.Min(100, 50 + Noise(1) + (2.5 * Math.Max(0, i - Day - 120) / 60)));
        Assert.Null(scene.FirstFrom(Day + 120, Day + 120 + 360));
    }

    [Theory]
    [InlineData(360)]
    [InlineData(720)]
    [InlineData(1_440)]
    [InlineData(4_320)]
    public void Rotated_logs_are_no_trend_once_they_have_been_rotated(int period)
    {
        var scene = new ForecastScene(Disk, 8 * Day, i => 40 - (30.0 * (i % period) / period) + Noise(0.1));
        Assert.Null(scene.FirstFrom(Math.Max(2 * Day, period + 60), 7 * Day));
    }

    [Fact]
    public void The_course_of_the_day_is_no_trend()
    {
        var scene = new ForecastScene(ResourceMetric.MemoryPercent, 8 * Day, i => 55 - (25 * Math.Cos(2 * Math.PI * i / Day)) + Noise(1));
        Assert.Null(scene.FirstFrom(60, 4 * Day));
    }

    [Fact]
    public void Flat_noise_and_a_random_walk_that_goes_nowhere_are_no_trend()
    {
        Assert.Null(new ForecastScene(Disk, 4 * Day, _ => 6 + Noise(0.1)).FirstFrom(60, 3 * Day));
        double level = 40;
        Assert.Null(new ForecastScene(Disk, 4 * Day, _ => level += Noise(0.01)).FirstFrom(60, 3 * Day));
    }

    [Fact]
    public void A_burst_is_no_trend()
    {
        var scene = new ForecastScene(Disk, 4 * Day, i => 100 - (40 * Math.Clamp((i - (2.5 * Day)) / 40, 0, 1)) + Noise(0.1));
        Assert.Null(scene.FirstFrom(2 * Day, 4 * Day));
    }

    [Fact]
    public void One_large_download_that_fits_raises_nothing_and_one_that_does_not_is_forecast()
    {
        // 120 GiB at 40 GiB/h.
        const int Begin = 2 * Day;
        PendingDownloads Pending(int minute) => minute is >= Begin and < Begin + 180
            ? new(120 - (40 * (minute - Begin) / 60.0), 40, 1, false, ForecastScene.Start.AddMinutes(Begin))
            : new(0, 40, 1, false, ForecastScene.Start.AddMinutes(Begin));
        ForecastScene Of(double free) => new(Disk, 3 * Day, i => Math.Max(0, free - (40 * Math.Clamp(i - Begin, 0, 180) / 60.0)) + Math.Abs(Noise(0.1)));
        Assert.Null(Of(140).FirstFrom(Begin, Begin + 240, Pending));
        var found = Of(100).At(Begin + 15, Pending(Begin + 15))!;
        Assert.Equal("The disk of gpu-2 will be full in 2 h (2–3 h): running downloads need 110 GiB more, and 92.1 GiB are free.", found.Sentence);
    }

    [Fact]
    public void Downloads_one_after_the_other_are_a_trend()
    {
        var scene = new ForecastScene(Disk, 4 * Day, i => 70 + Noise(0.1) - (4.6 * Math.Max(0, i - (2 * Day)) / 60));
        var last = new PendingDownloads(2, 4.6, 1, false, ForecastScene.Start.AddMinutes((2 * Day) + 350));
        var found = scene.At((2 * Day) + 375, last)!;
        Assert.Contains("running downloads need 2 GiB more", found.Sentence, StringComparison.Ordinal);

        // It began 25 minutes ago and brings 2 of the 41 GiB: that much earlier.
        var without = scene.At((2 * Day) + 375)!;
        Assert.Equal(without.Size * (1 - (2 / 41.4)), found.Size, without.Size / 200);
        Assert.Equal(without.Size, scene.At((2 * Day) + 375, last with { Since = ForecastScene.Start.AddMinutes((2 * Day) + 300) })!.Size, 1e-6);
    }

    [Fact]
    public void A_host_without_measurements_one_value_or_old_ones_is_not_judged()
    {
        Assert.Null(new ForecastScene(Disk, 10, _ => 5).At(1));
        var disk = ForecastTarget.Of(new())[0];
        var steps = TimeSpan.FromMinutes(5);
        var old = Enumerable.Range(0, 72).Select(i => 40.0 - (0.5 * i)).ToList();
        var series = new PerfPortal.Domain.Analysis.Series.ResourceSeries("gpu-2", Disk, ForecastScene.Start, steps, old);
        Assert.NotNull(ResourceOutlook.Fast(disk, series, null, ForecastScene.Start.AddHours(6)));
        Assert.Null(ResourceOutlook.Fast(disk, series, null, ForecastScene.Start.AddHours(7)));
        Assert.Null(ResourceOutlook.Fast(disk, series with { Values = [] }, null, ForecastScene.Start));
        Assert.Null(ResourceOutlook.Fast(disk, series with { Values = [.. old.Select(_ => double.NaN)] }, null, ForecastScene.Start.AddHours(6)));
        Assert.NotNull(ResourceOutlook.Fast(disk, series with { Values = [.. old.Select((value, i) => i % 9 == 4 ? double.NaN : value)] }, null, ForecastScene.Start.AddHours(6)));
    }

    /// <summary>A normal deviate by the sum of twelve uniform ones.</summary>
    private double Noise(double deviation)
    {
        double sum = -6;
        for (int i = 0; i < 12; i++)
        {
            sum += _random.NextDouble();
        }

        return deviation * sum;
    }
}
