using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.Effects;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Advice;

/// <summary>The whole loop, with simulated components: ask, act, report, learn.</summary>
public sealed class AdviceSimulationTests
{
    private const double Mebi = 1 << 20;

    [Fact]
    public async Task On_a_flaky_server_that_needs_time_to_recover_advised_retries_take_less_time_than_the_defaults()
    {
        var (advised, defaults, past) = await DownloadsAsync(
            1500,
            (set, random) =>
            {
                // A request fails half of the time; a retry within 3 s succeeds in one of five, a later one in nine of ten.
                double seconds = 2;
                double delay = set.Get(AdviceKinds.RetryDelay, "network");
                var retries = new List<string>();
                for (bool ok = random.NextDouble() < 0.5; !ok && retries.Count < 20; delay *= 2)
                {
                    ok = random.NextDouble() < (delay < 3 ? 0.2 : 0.9);
                    seconds += delay + 1;
                    retries.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"network {delay:0.###} {(ok ? "ok" : "failed")}"));
                }

                return (seconds, [("retries", string.Join("; ", retries))]);
            });
        Assert.True(advised < defaults, $"{advised} s advised, {defaults} s with the defaults");
        Assert.InRange((await past.DownloadAsync()).Of(AdviceKinds.RetryDelay, "network").Value!.Value, 3, 8);
    }

    [Fact]
    public async Task On_a_server_that_limits_each_connection_more_connections_are_found_and_used()
    {
        var (advised, defaults, past) = await DownloadsAsync(
            600, (set, random) => (100 / (5 * set.Get(AdviceKinds.Connections)) * (0.9 + (0.2 * random.NextDouble())), [("connections", (int)set.Get(AdviceKinds.Connections))]));
        Assert.True(advised < 0.5 * defaults, $"{advised} s advised, {defaults} s with the defaults");
        Assert.Equal(16, (await past.DownloadAsync()).Of(AdviceKinds.Connections).Value);
        Assert.Equal(AdviceVerdict.Helped, EffectMeasure.Downloads("models.example", past.History.Downloads()).Verdict);
    }

    [Fact]
    public async Task On_a_server_that_limits_the_host_nothing_is_lost_and_connections_come_down()
    {
        var (advised, defaults, past) = await DownloadsAsync(
            350, (set, random) => (10 * (0.95 + (0.1 * random.NextDouble())), [("connections", (int)set.Get(AdviceKinds.Connections))]));
        Assert.Equal(1, (await past.DownloadAsync()).Of(AdviceKinds.Connections).Value);
        Assert.InRange(advised / defaults, 0.95, 1.05);
        var all = past.History.Downloads();
        Assert.Contains(all, download => download.Connections == 1);
        Assert.DoesNotContain(all, download => download.Connections == 16);
    }

    [Fact]
    public async Task Fallbacks_in_the_advised_order_take_less_time_than_in_the_declared_one()
    {
        var past = new Past();
        var trial = new AdviceTrial(past.Adviser, new Random(4));
        var random = new Random(5);
        var declared = new (string Name, double Seconds, double Success)[] { ("big", 30, 0.5), ("small", 3, 0.7), ("remote", 8, 0.95) };
        var times = new Dictionary<string, List<double>> { [AdviceFacts.Advised] = [], [AdviceFacts.Default] = [] };
        for (int i = 0; i < 1000; i++)
        {
            var set = await trial.ChooseAsync(new(AdviceTopic.Fallback, "host", "chat"), CancellationToken.None);
            double seconds = 0;
            var attempts = new List<string>();
            foreach (var one in declared.OrderBy(one => set.Find(AdviceKinds.AlternativeRank, one.Name) ?? double.MaxValue))
            {
                bool ok = random.NextDouble() < one.Success;
                seconds += one.Seconds;
                attempts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{one.Name} {one.Seconds} {(ok ? "ok" : "failed")}"));
                if (ok)
                {
                    break;
                }
            }

            times[set.Arm].Add(seconds);
            past.Fallback(string.Join("; ", attempts), seconds, facts: [("advice", set.Arm)]);
            past.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.True(times[AdviceFacts.Advised].Average() < 0.5 * times[AdviceFacts.Default].Average());
        Assert.InRange(times[AdviceFacts.Default].Count, 80, 200);
    }

    private static async Task<(double Advised, double Defaults, Past Past)> DownloadsAsync(
        int count, Func<AdviceSet, Random, (double Seconds, (string, object?)[] Facts)> download)
    {
        var past = new Past();
        var trial = new AdviceTrial(past.Adviser, new Random(1));
        var random = new Random(2);
        var times = new Dictionary<string, List<double>> { [AdviceFacts.Advised] = [], [AdviceFacts.Default] = [], [AdviceFacts.Trial] = [] };
        for (int i = 0; i < count; i++)
        {
            var set = await trial.ChooseAsync(new(AdviceTopic.Download, "host", null, "models.example", 100 << 20), CancellationToken.None);
            var (seconds, facts) = download(set, random);
            past.Download(seconds, 100 * Mebi, facts: [("advice", set.Arm), .. facts]);
            past.Time.Advance(TimeSpan.FromMinutes(1));
            times[set.Arm].Add(seconds);
        }

        Assert.True(times[AdviceFacts.Advised].Count > count / 2, "Advice was followed by less than half of the downloads.");
        return (times[AdviceFacts.Advised].Average(), times[AdviceFacts.Default].Average(), past);
    }
}
