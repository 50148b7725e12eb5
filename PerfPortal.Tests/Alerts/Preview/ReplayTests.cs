using FsCheck.Xunit;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Preview;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Operations;
using Xunit;
using static PerfPortal.Tests.Alerts.SignalBench;

namespace PerfPortal.Tests.Alerts.Preview;

/// <summary>A replay over stored history is what evaluation of the same data gave, minute by minute; data that arrived late are left out.</summary>
public sealed class ReplayTests
{
    private const int Minutes = 150;

    private static readonly int[] Windows = [1, 2, 5, 11, 60, 61];

    private static readonly AlertSignal[] Signals =
    [
        Cpu, new(AlertSignalKind.FailureRate), new(AlertSignalKind.Duration, Quantile: 0.5), new(AlertSignalKind.Duration, Quantile: 0.95), new(AlertSignalKind.Throughput), new(AlertSignalKind.Abandoned),
    ];

    [Property(MaxTest = 15)]
    public async Task Replay_equals_live_evaluation(int seed)
    {
        using var bench = new SignalBench();
        var random = new Random(seed);
        bench.Time.Advance(TimeSpan.FromDays(1));
        var begin = bench.Minute();
        var rules = Enumerable.Range(0, 12).Select(i => MakeRule(random, i)).ToList();
        var live = new List<string>();
        var alerts = new List<Alert>();
        for (int minute = 1; minute <= Minutes; minute++)
        {
            Report(bench, random, begin.AddMinutes(minute - 1));
            var at = begin.AddMinutes(minute);
            bench.Time.SetUtcNow(at + TimeSpan.FromSeconds(10));
            var resolved = alerts.Where(alert => alert.State == AlertState.Resolved).GroupBy(alert => alert.Key).ToDictionary(group => group.Key, group => group.MaxBy(alert => alert.Status.ResolvedAt)!);
            var round = new AlertRound(alerts.Where(alert => alert.State != AlertState.Resolved), resolved, [], [], at, at);
            round.Evaluate(await bench.Reader.ReadAsync(rules, at, CancellationToken.None), []);
            var commit = round.ToCommit();
            live.AddRange(commit.Events.Select(happened => (happened, Alert: commit.Alerts.First(alert => alert.Id == happened.AlertId)))
                .Select(pair => Line(pair.Alert.RuleId, pair.Alert.Subject, pair.happened.State, at, pair.happened.Text)));
            alerts.RemoveAll(alert => commit.RemovedIds.Contains(alert.Id) || commit.Alerts.Any(changed => changed.Id == alert.Id));
            alerts.AddRange(commit.Alerts);
        }

        var replayed = new List<string>();
        foreach (var rule in rules)
        {
            var replay = new RuleReplay(rule);
            replay.Transition = (subject, transition) => replayed.AddRange(transition.To == AlertState.Inactive ? [] : [Line(rule.Id, subject, transition.To, transition.At, transition.Reason)]);
            var answer = await bench.History.ReadAsync(rule, new(begin, begin.AddMinutes(Minutes)), replay.Step, CancellationToken.None);
            Assert.Equal(TimeSpan.FromMinutes(1), answer.Resolution);
        }

        Assert.NotEmpty(live);
        Assert.Equal(live.Order(StringComparer.Ordinal), replayed.Order(StringComparer.Ordinal));
    }

    private static string Line(string rule, AlertSubject subject, AlertState state, DateTimeOffset at, string reason) => $"{rule} {subject.Key} {at:HH:mm} {state} {reason}";

    private static AlertRule MakeRule(Random random, int number)
    {
        var signal = Signals[random.Next(Signals.Length)];
        var traits = SignalTraits.Of(signal);
        bool isAbove = traits.IsAboveOnly || random.Next(3) > 0;
        double threshold = signal.Kind switch
        {
            AlertSignalKind.Resource => random.Next(30, 80),
            AlertSignalKind.FailureRate => 0.3,
            AlertSignalKind.Duration => random.Next(1, 60),
            AlertSignalKind.Throughput => random.Next(1, 90),
            _ => 0,
        };
        return Rule(signal, threshold, traits.Per[random.Next(traits.Per.Count)]) with
        {
            Id = $"r{number}",
            Scope = new(random.Next(3) == 0 ? "s1" : null, traits.HasOperations && random.Next(4) == 0 ? MetricType.HealthCheck : null, traits.HasOperations && random.Next(4) == 0 ? "n1" : null),
            Comparison = isAbove ? AlertComparison.Above : AlertComparison.Below,
            RecoveryThreshold = random.Next(2) == 0 ? null : threshold * (isAbove ? 0.8 : 1.2),
            Window = TimeSpan.FromMinutes(Windows[random.Next(Windows.Length)]),
            For = TimeSpan.FromMinutes(random.Next(5)),
            KeepFiringFor = TimeSpan.FromMinutes(random.Next(4)),
            MinOperations = traits.HasMinOperations ? random.Next(4) : 0,
        };
    }

    private static void Report(SignalBench bench, Random random, DateTimeOffset minute)
    {
        // Now and then nothing is reported for a while.
        if (minute.Minute % 40 is > 20 and < 34 && random.Next(10) > 0)
        {
            return;
        }

        for (int i = random.Next(5); i > 0; i--)
        {
            bench.End(
                minute.AddSeconds(random.Next(60)), Math.Exp(random.NextDouble() * 6) / 4, $"n{random.Next(3)}", $"s{random.Next(3)}",
                random.Next(10) switch { < 3 => OperationStatus.Failed, 3 => OperationStatus.Abandoned, 4 => OperationStatus.Cancelled, _ => OperationStatus.Succeeded },
                random.Next(3) == 0 ? MetricType.HealthCheck : MetricType.ModelOperation);
        }

        foreach (string host in new[] { "s0", "s1" })
        {
            if (random.Next(4) > 0)
            {
                bench.Sample(host, minute.AddSeconds(random.Next(60)), random.Next(100), random.Next(1, 60));
            }
        }
    }
}
