using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Analysis;

public sealed class StratifiedComparisonTests
{
    [Fact]
    public void A_new_name_that_takes_long_is_mix_and_no_regression()
    {
        var judged = Judge(Name("load", Spread(100, 1), Spread(100, 1)), Name("check", Spread(50, 0.2), Spread(50, 0.2)), Name("nightly-eval", Spread(300, 60), null));
        Assert.Equal(Verdict.Unchanged, judged.Verdict);
        Assert.Equal(1, judged.Split!.PerformanceRatio!.Value, 9);
        Assert.True(judged.Split.MixRatio > 10);
        Assert.Equal(("nightly-eval", 0), (judged.Split.Contributions[0].Name, judged.Split.Contributions[0].BaseShare));
        Assert.Matches(@"^[\d.]+ times in total: mix [\d.]+ times, performance 0 % \(unchanged\)\. Most of the mix: nightly-eval \(new, 66\.7 % of operations\)\.$", judged.Reason);
    }

    [Fact]
    public void The_parts_multiply_to_the_whole_and_are_those_of_the_formula()
    {
        // By hand: shares of the base 3/4 and 1/4; geometric means 1 and 16 before, 2 and 16 now; shares now 1/5 and 4/5.
        var split = Split(Name("a", Same(20, 2), Same(30, 1)), Name("b", Same(80, 16), Same(10, 16)));
        // Buckets are within 1 %.
        Assert.InRange(split.PerformanceRatio!.Value / Math.Pow(2, 0.75), 0.98, 1.02);
        Assert.InRange(split.TotalRatio!.Value / Math.Pow(2, 0.2 * 1 + 0.8 * 4 - 0.25 * 4), 0.98, 1.02);
        Assert.Equal(split.TotalRatio!.Value, split.PerformanceRatio.Value * split.MixRatio!.Value, 9);
        Assert.Equal(split.PerformanceRatio.Value, split.Contributions.Aggregate(1.0, (product, part) => product * part.PerformanceRatio), 9);
        Assert.Equal(split.MixRatio.Value, split.Contributions.Aggregate(1.0, (product, part) => product * part.MixRatio), 9);
    }

    [Fact]
    public void Without_a_change_of_shares_there_is_no_mix_though_the_median_stays_in_a_gap()
    {
        // Half of the operations take a second, half a hundred: the median of all is on either side of the gap by chance.
        var split = Split(Name("a", Spread(50, 1.2), Spread(50, 1)), Name("b", Spread(50, 100), Spread(50, 100)));
        Assert.Equal(1, split.MixRatio!.Value, 9);
        Assert.Equal(Math.Sqrt(1.2), split.PerformanceRatio!.Value, 2);
    }

    [Fact]
    public void Names_that_got_slower_are_a_regression_though_the_mix_made_the_whole_faster()
    {
        var judged = Judge(Name("slow", Spread(50, 15), Spread(200, 10)), Name("fast", Spread(900, 0.13), Spread(100, 0.1)));
        Assert.Equal(Verdict.Regressed, judged.Verdict);
        Assert.True(judged.Split!.TotalRatio < 0.5);
        Assert.True(judged.Ratio < 0.5);
        Assert.Contains("(regressed)", judged.Reason, StringComparison.Ordinal);
        Assert.Contains("Most of the performance: slow (", judged.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_names_that_each_ran_three_times_are_judged_together()
    {
        NamePair[] names = [.. Enumerable.Range(0, 40).Select(i => Name("model " + i, Spread(3, 1.3 * (i + 1)), Spread(3, i + 1)))];
        Assert.All(Verdicts.Judge([.. names.Select(name => (name.Now, name.Base))]), name => Assert.Equal(Verdict.InsufficientData, name.Verdict));
        var judged = Judge(names);
        Assert.Equal(Verdict.Regressed, judged.Verdict);
        Assert.Equal(1.3, judged.Split!.PerformanceRatio!.Value, 1);
    }

    [Fact]
    public void A_type_with_one_name_gets_the_verdict_of_the_name()
    {
        // The median stays, the long half takes twice as long: the geometric mean rises, the verdict on the name is on its median.
        double[] before = [.. Spread(60, 1), .. Spread(40, 3)];
        double[] now = [.. Spread(60, 1), .. Spread(40, 6)];
        foreach (var name in new[] { Name("a", now, before), Name("a", Spread(100, 1.2), Spread(100, 1)), Name("a", Spread(100, 1.03), Spread(100, 1)) })
        {
            Assert.Equal(Verdicts.Judge([(name.Now, name.Base)])[0].Verdict, Judge(name).Verdict);
        }
    }

    [Fact]
    public void Too_few_operations_of_common_names_say_so_however_many_there_are_in_all()
    {
        var judged = Judge(Name("common", Spread(9, 5), Spread(200, 1)), Name("new", Spread(500, 60), null), Name("gone", null, Spread(500, 1)));
        Assert.Equal(Verdict.InsufficientData, judged.Verdict);
        Assert.StartsWith("Not enough data (needs 10 operations of names that ended in both periods, has 9).", judged.Reason, StringComparison.Ordinal);
        Assert.Null(judged.PValue);

        var apart = Judge(Name("new", Spread(500, 60), null), Name("gone", null, Spread(500, 1)));
        Assert.Equal(Verdict.InsufficientData, apart.Verdict);
        Assert.Null(apart.Split!.PerformanceRatio);
        Assert.Equal(apart.Split.TotalRatio, apart.Split.MixRatio);
        Assert.Equal(Verdict.InsufficientData, Judge().Verdict);
    }

    [Fact]
    public void A_success_rate_that_fell_because_a_failing_name_ran_more_often_is_mix()
    {
        var judged = Judge(Name("flaky", Outcomes(250, 250), Outcomes(50, 50)), Name("sound", Outcomes(100, 0), Outcomes(900, 0)));
        Assert.Equal(Verdict.Unchanged, judged.Verdict);
        Assert.Equal(0, judged.Split!.Success!.Performance!.Value, 9);
        Assert.Equal(350 / 600.0 - 0.95, judged.Split.Success.Mix, 9);
        Assert.Contains("success rate −36.7 points in total: mix −36.7 points, performance 0 points (unchanged)", judged.Reason, StringComparison.OrdinalIgnoreCase);

        var worse = Judge(Name("flaky", Outcomes(350, 150), Outcomes(50, 50)), Name("sound", Outcomes(90, 10), Outcomes(9000, 0)));
        Assert.Equal(Verdict.Improved, Judge(Name("flaky", Outcomes(350, 150), Outcomes(50, 50))).Verdict);

        // The rate of all operations fell; within the names, one rose and one fell, and neither direction is certain enough.
        Assert.NotEqual(Verdict.Improved, worse.Verdict);
    }

    [Fact]
    public void Zero_durations_of_a_coarse_clock_do_not_make_a_ratio_absurd()
    {
        double[] now = [.. Enumerable.Repeat(0.0, 30), .. Enumerable.Repeat(0.001, 70)];
        double[] before = [.. Enumerable.Repeat(0.0, 40), .. Enumerable.Repeat(0.001, 60)];
        var split = Split(Name("ping", now, before));
        Assert.InRange(split.PerformanceRatio!.Value, 1.0, 1.1);
        Assert.Equal(1, Split(Name("ping", Same(20, 0), Same(20, 0))).PerformanceRatio!.Value, 9);
    }

    [Fact]
    public void Without_any_change_of_names_a_random_mix_is_rarely_judged()
    {
        var random = new Random(7);
        int judged = 0;
        for (int run = 0; run < 200; run++)
        {
            var names = Enumerable.Range(0, 8).Select(i =>
            {
                double center = Math.Exp(random.Next(-3, 4));
                return Name("n" + i, Normal(random, random.Next(2, 60), center), Normal(random, random.Next(2, 60), center));
            });
            judged += Judge([.. names]).Verdict is Verdict.Regressed or Verdict.Improved ? 1 : 0;
        }

        Assert.InRange(judged, 0, 5);
    }

    [Fact]
    public async Task A_shift_of_the_mix_leaves_total_and_type_unchanged_in_a_comparison_and_in_benchmarks()
    {
        var operations = new MemoryOperations();
        operations.Ended.AddRange(Spread(40, 1).Select((value, i) => Days.Ended(60 + 60 * i, value)));
        operations.Ended.AddRange(Spread(40, 1).Select((value, i) => Days.Ended(3660 + 60 * i, value)));
        operations.Ended.AddRange(Spread(60, 30).Select((value, i) => Days.Ended(60 + 50 * i, value, name: "eval")));
        var statistics = operations.Statistics(new FakeTimeProvider(Days.Now));
        var range = new TimeRange(Days.Now.AddHours(-1), Days.Now);
        var compared = await new PeriodComparer(statistics).CompareAsync(range, range.Previous, SeriesFilter.Everyone, TestContext.Current.CancellationToken);
        Assert.Equal((Verdict.Unchanged, Verdict.Unchanged), (compared.Total.Judgement.Verdict, compared.Types.Single().Judgement.Verdict));
        Assert.True(compared.Total.Judgement.Ratio > 4);
        Assert.True(compared.Total.Judgement.Split!.MixRatio > 4);

        var benchmarks = await new BenchmarkReader(statistics).ReadAsync(new(range, SeriesFilter.Everyone), TestContext.Current.CancellationToken);
        Assert.Equal(compared.Total.Judgement.Reason, benchmarks.Total.Judgement.Reason);
        Assert.Equal(compared.Types.Single().Judgement.Reason, benchmarks.Types.Single().Judgement.Reason);
        Assert.All(benchmarks.Items, item => Assert.Null(item.Judgement.Split));
    }

    private static Judgement Judge(params NamePair[] names) => StratifiedVerdicts.Judge(
    [
        new(FigureMerge.Of(names.Select(name => name.Now).OfType<StatisticsBuilder>()), FigureMerge.Of(names.Select(name => name.Base).OfType<StatisticsBuilder>()), names),
    ])[0];

    private static MixSplit Split(params NamePair[] names) => new StratifiedComparison(names).Split();

    private static NamePair Name(string name, IEnumerable<double>? now, IEnumerable<double>? before) =>
        new(MetricType.ModelOperation, name, now is null ? null : Days.Figures(now), before is null ? null : Days.Figures(before));

    private static NamePair Name(string name, StatisticsBuilder now, StatisticsBuilder before) => new(MetricType.ModelOperation, name, now, before);

    private static StatisticsBuilder Outcomes(int succeeded, int failed) =>
        Days.Figures([.. Days.Many(succeeded, 1), .. Days.Many(failed, 1, status: OperationStatus.Failed)]);

    private static IEnumerable<double> Same(int count, double value) => Enumerable.Repeat(value, count);

    private static IEnumerable<double> Spread(int count, double center) => Enumerable.Range(0, count).Select(i => center * (0.875 + 0.25 * i / Math.Max(1, count - 1)));

    private static IEnumerable<double> Normal(Random random, int count, double center) =>
        [.. Enumerable.Range(0, count).Select(_ => center * Math.Exp(0.5 * (Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6)))];
}
