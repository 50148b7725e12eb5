using System.Diagnostics;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Benchmarks.Query;

/// <summary>
/// A day's count, success rate, mean, P50, P95 and P99 of 50 names from rollups, over a million and over ten million operations, against DuckDB's exact
/// quantiles of the million rows; and how far the quantiles are from those of the sorted values.
/// </summary>
internal static class StatisticsQuery
{
    private const int Names = 50;
    private const int Million = 1_000_000;
    private const double GoalOfRatio = 1.0 / 50;
    private const double GoalOfError = 0.01;
    private const double GoalOfSameCost = 1.5;
    private static readonly DateTimeOffset Day = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly double[] Asked = [0.50, 0.95, 0.99];

    /// <summary>Measures; takes a minute or two.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(TextWriter progress, CancellationToken cancellationToken)
    {
        await using var one = await FilledStore.CreateAsync(Million, progress, cancellationToken);
        double yardstick = await DuckYardstick.MeasureAsync(one.Rows(), progress, cancellationToken);
        const string Yardstick = "DuckDB, exact quantiles of 1 M";
        await using var ten = await FilledStore.CreateAsync(10 * Million, progress, cancellationToken);
        await progress.WriteLineAsync("asking the rollups".AsMemory(), cancellationToken);
        double ofOne = await one.AskAsync(default);
        double ofTen = await ten.AskAsync(default);
        return
        [
            new("a day of 50 names, 1 M operations", ofOne, "ms", Yardstick, yardstick, Goal.AtMost(GoalOfRatio)),
            new("a day of 50 names, 10 M operations", ofTen, "ms", Yardstick, yardstick, Goal.AtMost(GoalOfRatio)),
            new("10 M against 1 M", ofTen, "ms", "1 M", ofOne, Goal.AtMost(GoalOfSameCost)),
            new("largest error of a quantile, 1 M", await one.ErrorAsync(), "of the exact", Goal: Goal.AtMost(GoalOfError)),
            new("largest error of a quantile, 10 M", await ten.ErrorAsync(), "of the exact", Goal: Goal.AtMost(GoalOfError)),
            new("24 hours from 00:13 on, 10 M", await ten.AskAsync(TimeSpan.FromMinutes(13)), "ms", Yardstick, yardstick),
            new("all 1,440 minutes in steps of 5, 1 M", await one.AskMinutesAsync(), "ms", Yardstick, yardstick),
            new("the first time, 1 M", await one.AskColdAsync(), "ms", Yardstick, yardstick),
            new("the first time, 10 M", await ten.AskColdAsync(), "ms", Yardstick, yardstick),
            new("memory of the pages held, 10 M", ten.CachedBytes, "bytes"),
        ];
    }

    private sealed class FilledStore : IAsyncDisposable
    {
        private readonly RollupStore _store;
        private readonly List<double>[] _values = [.. Enumerable.Range(0, Names).Select(_ => new List<double>())];
        private readonly int[] _failed = new int[Names];

        private FilledStore(RollupStore store) => _store = store;

        public long CachedBytes => _store.Book.CachedBytes;

        public static async Task<FilledStore> CreateAsync(int operations, TextWriter progress, CancellationToken cancellationToken)
        {
            long began = Stopwatch.GetTimestamp();
            var filled = new FilledStore(await RollupStore.CreateAsync(new StillClock(Day.AddDays(1.5)), cancellationToken));
            var random = new Random(11);

            // Two days, so that a range that is no calendar day has whole hours and minutes around them, too; the second is left out of the count.
            long first = RollupBuckets.Of(RollupResolution.Hour, Day);
            for (long hour = first; hour < first + 25; hour++)
            {
                await filled._store.AddHourAsync(hour, add => filled.Fill(random, hour, first, operations / 24, add), cancellationToken);
            }

            await progress.WriteLineAsync($"{operations:N0} operations counted in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s".AsMemory(), cancellationToken);
            return filled;
        }

        /// <summary>The rows of the day, for the yardstick.</summary>
        public IEnumerable<(int Name, bool Succeeded, double Seconds)> Rows() => _values.SelectMany(
            (values, name) => values.Select((seconds, i) => (name, i >= _failed[name], seconds)));

        public Task<double> AskAsync(TimeSpan shift) => Median.OfAsync(301, 50, () => AskOnceAsync(_store.Statistics(), shift));

        public Task<double> AskMinutesAsync() => Median.OfAsync(51, 5, async () =>
        {
            var range = new TimeRange(Day, Day.AddDays(1));
            var answer = await _store.Statistics().ReadAsync(
                new(range, SeriesFilter.Everyone, StatisticsGrouping.None, BucketGrid.Over(range, 288, StatisticsReader.FinestStep), WithFacts: false), CancellationToken.None);
            _ = answer.Groups.Keys.Sum(group => answer.Of(group).P99!.Value);
        });

        public Task<double> AskColdAsync() => Median.OfAsync(15, 1, () => AskOnceAsync(_store.Cold(), default));

        public async Task<double> ErrorAsync()
        {
            var answer = await ReadAsync(_store.Statistics(), default);
            double worst = 0;
            for (int name = 0; name < Names; name++)
            {
                var statistics = answer.Of(new(0, null, NameOf(name), null));
                double[] sorted = [.. _values[name].Order()];
                if (statistics.Count != sorted.Length || statistics.Failed != _failed[name] || Math.Abs(statistics.Mean!.Value / sorted.Average() - 1) > 1e-9)
                {
                    throw new InvalidOperationException($"The rollups count {statistics.Count} of {sorted.Length} operations of {NameOf(name)}, or their mean is off.");
                }

                double?[] found = [statistics.P50, statistics.P95, statistics.P99];
                for (int i = 0; i < Asked.Length; i++)
                {
                    double exact = sorted[Quantiles.Rank(Asked[i], sorted.Length) - 1];
                    worst = Math.Max(worst, Math.Abs(found[i]!.Value - exact) / exact);
                }
            }

            return worst;
        }

        public ValueTask DisposeAsync() => _store.DisposeAsync();

        private static string NameOf(int name) => "name " + name;

        private static Task<StatisticsAnswer> ReadAsync(StatisticsReader reader, TimeSpan shift) => reader.ReadAsync(
            new(new(Day + shift, Day.AddDays(1) + shift), SeriesFilter.Everyone, StatisticsGrouping.Name, WithFacts: false), CancellationToken.None);

        private static async Task AskOnceAsync(StatisticsReader reader, TimeSpan shift)
        {
            var answer = await ReadAsync(reader, shift);
            double sum = 0;
            foreach (var group in answer.Groups.Keys)
            {
                var statistics = answer.Of(group);
                sum += statistics.Count + statistics.SuccessRate!.Value + statistics.Mean!.Value + statistics.P50!.Value + statistics.P95!.Value + statistics.P99!.Value;
            }

            if (answer.Groups.Count != Names || !double.IsFinite(sum))
            {
                throw new InvalidOperationException("The rollups do not answer for every name.");
            }
        }

        private void Fill(Random random, long hour, long first, int operations, Action<long, SeriesKey, OperationStatus, double> add)
        {
            for (int i = 0; i < operations; i++)
            {
                int name = random.Next(Names);
                bool failed = random.Next(50) == 0;

                // Log-normal around a median of its own for each name, in whole microseconds.
                double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                double seconds = Math.Round(0.02 * (name + 1) * Math.Exp(0.8 * normal) * 1e6) / 1e6;
                add(
                    (hour * 60) + random.Next(60), new(MetricType.ModelOperation, "host", NameOf(name)),
                    failed ? OperationStatus.Failed : OperationStatus.Succeeded, seconds);
                if (hour < first + 24)
                {
                    _values[name].Add(seconds);
                    _failed[name] += failed ? 1 : 0;
                }
            }
        }
    }
}
