using PerfPortal.Benchmarks.Analysis;
using PerfPortal.Benchmarks.Insight;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Query;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Benchmarks;

public sealed class InsightVerbTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 30, 17, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("perfportal-tests-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("F1 0.7960 covering 0.724", "F1", 0.796)]
    [InlineData("F1 0.7960 covering 0.724", "covering", 0.724)]
    [InlineData("{'f1': 0.607, 'n': 12}", "f1", 0.607)]
    [InlineData("OWA -1.5e-3", "owa", -0.0015)]
    [InlineData("standard 12\nstandard 69.0", "standard", 69)]
    [InlineData("precision-F1 0.5\nF1 0.25", "F1", 0.25)]
    [InlineData("vus-pr 0.357", "VUS-PR", 0.357)]
    public void The_last_figure_after_a_name_counts(string written, string name, double expected) =>
        Assert.Equal(expected, ScoringScripts.Figure(written, name), 9);

    [Theory]
    [InlineData("", "F1")]
    [InlineData("F1 none", "F1")]
    [InlineData("macro-F1 0.5", "F1")]
    [InlineData("F10 0.5", "F1")]
    public void A_figure_that_was_not_written_is_an_error_with_its_name_and_what_was_written(string written, string name) =>
        Assert.Equal($"The scorer wrote no figure for {name}: {written}", Assert.Throws<MeasuringException>(() => ScoringScripts.Figure(written, name)).Message);

    [Fact]
    public async Task A_folder_that_does_not_exist_is_named_with_its_option()
    {
        string none = Path.Combine(_folder, "none");
        Assert.Equal($"--data {none}: there is no such folder.", await FailAsync(none, _folder, null));
        Assert.Equal($"--scorers {none}: there is no such folder.", await FailAsync(_folder, none, null));
        Assert.Equal($"--replay {none}: there is no such folder.", await FailAsync(_folder, _folder, none));
    }

    [Fact]
    public async Task Missing_series_and_scripts_are_named_and_nothing_is_left_behind()
    {
        string[] Left() => [.. Directory.GetDirectories(Path.GetTempPath(), "perfportal-insight-*").Order()];
        await SkipWithoutPythonAsync();
        string[] before = Left();
        Assert.Equal($"{Path.Combine(_folder, "nab/dev/data")} is missing below --data.", await FailAsync(_folder, _folder, null));
        Assert.Equal(before, Left());
        var missing = await Assert.ThrowsAsync<MeasuringException>(() => new ScoringScripts(_folder).RunAsync("nab/score.py", [], Token));
        Assert.Equal($"{Path.Combine(_folder, "nab/score.py")} is missing below --scorers.", missing.Message);
    }

    [Fact]
    public async Task A_script_that_fails_is_told_with_its_code_and_its_words()
    {
        await SkipWithoutPythonAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "good.py"), "import sys\nprint('F1', sys.argv[1])\n", Token);
        await File.WriteAllTextAsync(Path.Combine(_folder, "bad.py"), "import sys\nsys.exit('no labels')\n", Token);
        var scripts = new ScoringScripts(_folder);
        Assert.Equal(0.5, ScoringScripts.Figure(await scripts.RunAsync("good.py", ["0.5"], Token), "F1"));
        Assert.False(Directory.Exists(Path.Combine(_folder, "__pycache__")));
        var failed = await Assert.ThrowsAsync<MeasuringException>(() => scripts.RunAsync("bad.py", [], Token));
        Assert.EndsWith("bad.py ended with code 1: no labels", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_minute_of_insight_is_measured_for_every_detector_even_of_an_empty_portal()
    {
        await using var store = await RollupStore.CreateAsync(new StillClock(Now), Token);
        var statistics = store.Cold();
        var analyzer = new PerformanceAnalyzer(statistics, store.Operations, new(store.Operations, TimeProvider.System), store.Resources, TimeProvider.System);
        await store.AddHourAsync(
            RollupBuckets.Of(RollupResolution.Hour, Now) - 1,
            add => add(RollupBuckets.Of(RollupResolution.Minute, Now) - 60, new(MetricType.ModelOperation, "host", "name"), OperationStatus.Succeeded, 1), Token);
        var rows = await MinuteOfInsight.MeasureAsync(store, statistics, analyzer, Now, goal: 100, Token);
        Assert.Equal(
            ["AnomalyDetector", "ForecastDetector", "RecurringFailureDetector", "RegressionDetector", "SilenceDetector"],
            rows.Select(row => row.Name).Where(name => name.StartsWith("of it, ", StringComparison.Ordinal)).Select(name => name.Split(' ', ',')[3]).Order());
        Assert.Equal(100, Assert.Single(rows, row => row.Goal is not null).Goal!.Value.Bound);
        Assert.All(rows.Where(row => row.Unit == "ms"), row => Assert.True(row.Value >= 0));
        Assert.Equal(0, rows.Single(row => row.Name == "findings").Value);
    }

    private static async Task SkipWithoutPythonAsync()
    {
        try
        {
            await ScoringScripts.VersionAsync(Token);
        }
        catch (MeasuringException missing)
        {
            Assert.Skip(missing.Message);
        }
    }

    private static async Task<string> FailAsync(string data, string scorers, string? replay) =>
        (await Assert.ThrowsAsync<MeasuringException>(() => InsightVerb.MeasureAsync(data, scorers, replay, TextWriter.Null, Token))).Message;
}
