using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Analysis;

public sealed class VerdictTests
{
    private static readonly TimeRange LastHour = new(Days.Now.AddHours(-1), Days.Now);

    [Fact]
    public void Holm_multiplies_from_the_smallest_up_and_never_falls()
    {
        // Worked by hand: 0.01·4, max(0.02·3), max(0.03·2), max(0.04·1).
        double[] expected = [0.06, 0.04, 0.06, 0.06];
        double[] corrected = Verdicts.Holm([0.02, 0.01, 0.04, 0.03]);
        Assert.All(expected.Zip(corrected), pair => Assert.Equal(pair.First, pair.Second, 12));
        Assert.Equal([1.0, 1.0], Verdicts.Holm([0.6, 0.9]));
    }

    [Fact]
    public void A_slower_name_regressed_and_a_faster_one_improved()
    {
        Assert.Equal(Verdict.Regressed, Judge(Spread(100, 1.2), Spread(100, 1)).Verdict);
        Assert.Equal(Verdict.Improved, Judge(Spread(100, 0.8), Spread(100, 1)).Verdict);
        Assert.Equal(Verdict.Unchanged, Judge(Spread(100, 1), Spread(100, 1)).Verdict);
        Assert.Equal(1.2, Judge(Spread(100, 1.2), Spread(100, 1)).Ratio!.Value, 1);
    }

    [Fact]
    public void The_p_value_is_that_of_counting_all_pairs()
    {
        double[] now = [.. Enumerable.Range(0, 40).Select(i => 1.5 + 0.1 * i)];
        double[] before = [.. Enumerable.Range(0, 30).Select(i => 1.0 + 0.13 * i)];
        double wins = now.Sum(a => before.Sum(b => a > b * 1.02 ? 1.0 : a * 1.02 < b ? 0 : 0.5));
        double n = now.Length;
        double m = before.Length;
        double z = (Math.Abs(wins - n * m / 2) - 0.5) / Math.Sqrt(n * m * (n + m + 1) / 12);

        // Two tests in the family: the smaller is doubled. Buckets of one percent tie a few pairs that differ.
        Assert.InRange(Judge(now, before).PValue!.Value, 2 * TwoSided(z) * 0.7, 2 * TwoSided(z) * 1.4);
    }

    [Fact]
    public void A_clear_change_below_five_percent_is_unchanged()
    {
        var judged = Judge(Spread(5000, 1.03), Spread(5000, 1));
        Assert.True(judged.PValue < Verdicts.Alpha);
        Assert.Equal(Verdict.Unchanged, judged.Verdict);
    }

    [Fact]
    public void A_fall_of_the_success_rate_is_a_regression_though_it_is_faster()
    {
        var now = Days.Figures([.. Days.Many(80, 0.5), .. Days.Many(20, 0.5, status: OperationStatus.Failed)]);
        var before = Days.Figures(Days.Many(100, 1));
        var judged = Verdicts.Judge([(now, before)])[0];
        Assert.Equal(Verdict.Regressed, judged.Verdict);
        Assert.True(judged.SuccessPValue < Verdicts.Alpha);
        Assert.Equal("The success rate fell from 100 % to 80 %; the median fell by 50 %.", judged.Reason);

        var nearly = Days.Figures([.. Days.Many(97, 1), .. Days.Many(3, 1, status: OperationStatus.Failed)]);
        Assert.Equal(Verdict.Unchanged, Verdicts.Judge([(nearly, before)])[0].Verdict);
    }

    [Fact]
    public void Nine_operations_or_no_baseline_are_insufficient()
    {
        Assert.Equal(Verdict.InsufficientData, Judge(Spread(9, 3), Spread(100, 1)).Verdict);
        Assert.Equal(Verdict.InsufficientData, Judge(Spread(100, 3), Spread(9, 1)).Verdict);
        Assert.Equal(Verdict.InsufficientData, Verdicts.Judge([(Days.Figures(Spread(100, 1)), null)])[0].Verdict);
        Assert.Equal(Verdict.Regressed, Judge(Spread(10, 3), Spread(10, 1)).Verdict);
    }

    [Fact]
    public void Among_many_names_one_lucky_p_value_is_no_regression()
    {
        var doubtful = (Days.Figures(Spread(14, 1.15)), Days.Figures(Spread(14, 1)));
        var same = (Days.Figures(Spread(14, 1)), Days.Figures(Spread(14, 1)));
        Assert.Equal(Verdict.Regressed, Verdicts.Judge([doubtful])[0].Verdict);
        Assert.Equal(Verdict.Unchanged, Verdicts.Judge([doubtful, .. Enumerable.Repeat(same, 400)])[0].Verdict);
    }

    [Fact]
    public async Task Benchmarks_compare_with_the_period_before_or_a_pinned_one()
    {
        var operations = new MemoryOperations();
        operations.Ended.AddRange(Hour(0, 1.5).Concat(Hour(1, 1)).Concat(Hour(5, 3)));
        operations.Ended.Add(Days.Ended(60, 1, name: "rare"));
        var reader = new BenchmarkReader(operations.Statistics(new FakeTimeProvider(Days.Now)));
        var cancellationToken = TestContext.Current.CancellationToken;

        var previous = await reader.ReadAsync(new(LastHour, SeriesFilter.Everyone), cancellationToken);
        Assert.Equal("previous", previous.BaselineKind);
        Assert.Equal(["generate", "rare"], previous.Items.Select(item => item.Name));
        Assert.Equal(Verdict.Regressed, previous.Items[0].Judgement.Verdict);
        Assert.Equal(50, previous.Items[0].Statistics.Count);
        Assert.Equal(50, previous.Items[0].Base.Count);
        Assert.Equal(Verdict.InsufficientData, previous.Items[1].Judgement.Verdict);
        Assert.False(previous.Items[1].HasBase);

        var pinned = await reader.ReadAsync(new(LastHour, SeriesFilter.Everyone, new(Days.Now.AddHours(-6), Days.Now.AddHours(-5))), cancellationToken);
        Assert.Equal("pinned", pinned.BaselineKind);
        Assert.Equal(Verdict.Improved, pinned.Items[0].Judgement.Verdict);
    }

    [Fact]
    public async Task A_comparison_has_the_whole_the_types_and_the_names_of_both_periods()
    {
        var operations = new MemoryOperations();
        operations.Ended.AddRange(Hour(0, 2).Concat(Hour(5, 1)));
        operations.Ended.Add(Days.Ended(5 * 3600 + 60, 1, MetricType.HealthCheck, "gone"));
        var comparer = new PeriodComparer(operations.Statistics(new FakeTimeProvider(Days.Now)));
        var compared = await comparer.CompareAsync(
            LastHour, new(Days.Now.AddHours(-6), Days.Now.AddHours(-5)), SeriesFilter.Everyone, TestContext.Current.CancellationToken);

        Assert.Equal(50, compared.Total.Statistics.Count);
        Assert.Equal(51, compared.Total.Base.Count);
        Assert.Equal(Verdict.Regressed, compared.Total.Judgement.Verdict);
        Assert.Equal([MetricType.HealthCheck, MetricType.ModelOperation], compared.Types.Select(pair => pair.MetricType!.Value));
        Assert.Equal(["gone", "generate"], compared.Names.Select(pair => pair.Name));
        Assert.Equal(0, compared.Names[0].Statistics.Count);
        Assert.InRange(compared.Names[1].Judgement.Ratio!.Value, 1.95, 2.05);
    }

    [Fact]
    public async Task A_comparison_of_empty_periods_is_empty()
    {
        var comparer = new PeriodComparer(new MemoryOperations().Statistics(new FakeTimeProvider(Days.Now)));
        var compared = await comparer.CompareAsync(LastHour, LastHour.Previous, SeriesFilter.Everyone, TestContext.Current.CancellationToken);
        Assert.Equal(0, compared.Total.Statistics.Count);
        Assert.Equal(Verdict.InsufficientData, compared.Total.Judgement.Verdict);
        Assert.Empty(compared.Types);
        Assert.Empty(compared.Names);
    }

    private static Judgement Judge(IEnumerable<double> now, IEnumerable<double> before) => Verdicts.Judge([(Days.Figures(now), Days.Figures(before))])[0];

    /// <summary>Values that spread by a quarter about a center.</summary>
    private static IEnumerable<double> Spread(int count, double center) =>
        Enumerable.Range(0, count).Select(i => center * (0.875 + 0.25 * i / Math.Max(1, count - 1)));

    private static IEnumerable<Operation> Hour(int hoursAgo, double duration) =>
        Spread(50, duration).Select((value, i) => Days.Ended(hoursAgo * 3600 + 60 + 60 * i, value));

    /// <summary>2·(1 − Φ(z)) by Simpson's rule.</summary>
    private static double TwoSided(double z)
    {
        const int Steps = 10_000;
        double h = (12 - z) / Steps;
        double sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double x = z + i * h;
            sum += (i == 0 || i == Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-x * x / 2);
        }

        return 2 * sum * h / 3 / Math.Sqrt(2 * Math.PI);
    }
}
