using System.Text.Json;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Analysis.Failures;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Wire;
using Xunit;

namespace PerfPortal.Tests.Analysis;

/// <summary>Two databases return the same rows in different orders; the results must not differ.</summary>
public sealed class TieTests
{
    private static readonly string[] Names = ["delta", "alpha", "charlie", "bravo"];
    private static readonly MetricType[] Types = [MetricType.ModelOperation, MetricType.DownloadOperation, MetricType.HealthCheck];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_names_with_equally_many_failures_the_first_by_type_and_name_is_named()
    {
        var failed = Names.SelectMany(name => Days.Many(10, 40, name: name, status: OperationStatus.Failed, error: "timeout"))
            .Concat(Days.Many(10, 40, MetricType.DownloadOperation, "zulu", OperationStatus.Failed, "timeout"));
        var found = BottleneckRules.Find(Days.Input(failed));
        Assert.Equal(["zulu", "alpha", "alpha"], found.Where(bottleneck => bottleneck.OperationName is not null).Select(bottleneck => bottleneck.OperationName));
        Assert.Equal(["zulu", "alpha", "bravo", "charlie", "delta"], RecurringFailureRule.Failing(Days.Input(failed)).Select(group => group.Name));
    }

    [Fact]
    public void Of_two_equally_frequent_errors_the_first_by_name_is_named()
    {
        List<Operation> failures =
        [
            .. Days.Many(6, 1, status: OperationStatus.Failed, error: "timeout"), .. Days.Many(6, 1, status: OperationStatus.Failed, error: "out_of_memory"),
        ];
        Assert.Contains("out_of_memory", Assert.Single(new RecurringFailureRule().Advise(Days.Input(failures))).Title, StringComparison.Ordinal);
    }

    [Property(MaxTest = 25)]
    public void The_same_rows_in_any_order_give_the_same_analysis(int seed)
    {
        var operations = Tied();
        Assert.Equal(Analyze(operations), Analyze(Shuffled(operations, seed)));
    }

    [Property(MaxTest = 25)]
    public void The_same_failures_in_any_order_give_the_same_patterns_and_the_same_latest_failures(int seed)
    {
        // More failures in the moment of the cut than are returned.
        var operations = Tied().Concat(Enumerable.Range(0, 600).Select(i => Days.Ended(10, 1, name: Names[i % 4], status: OperationStatus.Failed) with { Id = IdOf(10_000 + i) })).ToList();
        Assert.Equal(Failures(operations), Failures(Shuffled(operations, seed)));
    }

    [Property(MaxTest = 25)]
    public void Failures_that_arrive_in_any_order_are_kept_in_the_same_one(int seed)
    {
        var failures = Tied().Where(operation => operation.Status == OperationStatus.Failed).ToList();
        Assert.Equal(Kept(failures), Kept(Shuffled(failures, seed)));
    }

    private static string Kept(IReadOnlyList<Operation> failures)
    {
        var latest = new LatestFailures(new MemoryOperations(), new FakeTimeProvider(Days.Now));
        var range = new TimeRange(Days.Now.AddDays(-1), Days.Now);
        _ = latest.ReadAsync(range, null, Token).GetAwaiter().GetResult();
        foreach (var failure in failures)
        {
            latest.OnCommitted(new([failure], [], []));
        }

        return string.Join(' ', latest.ReadAsync(range, null, Token).GetAwaiter().GetResult().Select(operation => operation.Id));
    }

    private static string Failures(IReadOnlyList<Operation> operations)
    {
        var reader = new MemoryOperations();
        reader.Ended.AddRange(operations);
        var range = new TimeRange(Days.Now.AddDays(-1), Days.Now);
        var time = new FakeTimeProvider(Days.Now);
        var series = new SeriesReader(reader.Statistics(time), new MemoryResources(), Days.Horizons(time), time);
        var patterns = new RecurringFailureDetector(series, reader).ObserveAsync(new(Days.Now, new()), Token).GetAwaiter().GetResult();
        Assert.NotEmpty(patterns);
        var latest = new LatestFailures(reader, new FakeTimeProvider(Days.Now)).ReadAsync(range, null, Token).GetAwaiter().GetResult();
        return JsonSerializer.Serialize(patterns) + string.Join(' ', latest.Select(operation => operation.Id));
    }

    private static string Analyze(IReadOnlyList<Operation> operations)
    {
        var time = new FakeTimeProvider(Days.Now);
        var reader = new MemoryOperations();
        reader.Ended.AddRange(operations);
        var analyzer = new PerformanceAnalyzer(reader.Statistics(time), reader, new(reader, time), new MemoryResources(), time);
        var result = analyzer.AnalyzeAsync(new(null, PerformanceThresholds.Default, Days.Now), Token).GetAwaiter().GetResult();
        Assert.NotEmpty(result.Bottlenecks);
        Assert.NotEmpty(result.Recommendations);
        return JsonSerializer.Serialize(result with { Milliseconds = 0 }, WireJson.Options);
    }

    /// <summary>Operations whose names, errors, durations and ends are equally frequent, on the same moments.</summary>
    private static List<Operation> Tied() =>
    [
        .. Enumerable.Range(0, 360).Select(i =>
            Days.Ended(60 + (i / 12 * 60), 8 * (1 + (i / 24 % 8)), Types[i % 3], Names[i % 4], i / 12 % 2 == 0 ? OperationStatus.Failed : OperationStatus.Succeeded, error: i / 24 % 2 == 0 ? "timeout" : "refused") with
            {
                Id = IdOf(i),
                ErrorMessage = $"The server said {i % 2}.",
            }),
    ];

    private static Guid IdOf(int number) => new(number * 7919, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    private static List<Operation> Shuffled(IReadOnlyList<Operation> operations, int seed)
    {
        var shuffled = operations.ToArray();
        new Random(seed).Shuffle(shuffled);
        return [.. shuffled];
    }
}
