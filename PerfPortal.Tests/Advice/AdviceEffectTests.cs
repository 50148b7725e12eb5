using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.Effects;
using PerfPortal.Domain.Advice.Learned;
using Xunit;

namespace PerfPortal.Tests.Advice;

public sealed class AdviceEffectTests
{
    private const double Mebi = 1 << 20;

    [Theory]
    [InlineData(0.6, AdviceVerdict.Helped)]
    [InlineData(1.6, AdviceVerdict.Harmed)]
    public void A_difference_is_found_with_its_size(double factor, AdviceVerdict verdict)
    {
        var effect = Measure(Downloads(300, factor));
        Assert.Equal(verdict, effect.Verdict);
        Assert.InRange(factor, effect.Low!.Value, effect.High!.Value);
        Assert.InRange(effect.Ratio!.Value, factor * 0.9, factor * 1.1);
        Assert.Equal(verdict == AdviceVerdict.Harmed, effect.IsWithheld);
    }

    [Fact]
    public void Without_a_difference_it_takes_many_operations_to_say_so()
    {
        Assert.Equal(AdviceVerdict.NotEnoughData, Measure(Downloads(60, 1)).Verdict);
        Assert.Equal(AdviceVerdict.NoDifference, Measure(Downloads(450, 1)).Verdict);
    }

    [Fact]
    public void Few_operations_are_not_enough_however_large_the_difference()
    {
        var effect = Measure(Downloads(40, 0.1));
        Assert.Equal(AdviceVerdict.NotEnoughData, effect.Verdict);
        Assert.Equal("Only 35 advised downloads and 5 with the defaults so far; at least 30 and 10 are needed.", effect.Reason);
    }

    [Fact]
    public void Another_mix_of_sizes_is_not_an_effect()
    {
        // Small files are slow by the byte; those that follow advice are mostly small ones.
        var past = new Past();
        var random = new Random(6);
        for (int i = 0; i < 400; i++)
        {
            bool isAdvised = i % 4 != 0;
            bool isSmall = random.NextDouble() < (isAdvised ? 0.9 : 0.1);
            past.Download((isSmall ? 1 : 20) * Noise(random), (isSmall ? 0.5 : 200) * Mebi, facts: [("advice", isAdvised ? "advised" : "default")]);
        }

        Assert.NotEqual(AdviceVerdict.Harmed, Measure(past).Verdict);
    }

    [Fact]
    public void Operations_before_there_was_advice_are_not_compared()
    {
        var past = new Past();
        for (int i = 0; i < 100; i++)
        {
            past.Download(90, 100 * Mebi, facts: [("advice", "default")]);
        }

        var random = new Random(2);
        Fill(past, 200, 1, random);
        var effect = Measure(past);
        Assert.InRange(effect.Default, 20, 40);
        Assert.NotEqual(AdviceVerdict.Helped, effect.Verdict);
    }

    [Fact]
    public void What_was_advised_before_the_best_number_was_explored_does_not_blur_what_is_advised_now()
    {
        var past = new Past();
        var random = new Random(3);
        for (int i = 0; i < 300; i++)
        {
            bool isAdvised = i % 8 != 1;
            bool isFast = isAdvised && i >= 220;
            past.Download((isFast ? 10 : 20) * Noise(random), 100 * Mebi, facts: [("advice", isAdvised ? "advised" : "default"), ("connections", isFast ? 8 : 4)]);
        }

        var effect = Measure(past);
        Assert.Equal((AdviceVerdict.Helped, 70), (effect.Verdict, effect.Advised));
        Assert.InRange(effect.Ratio!.Value, 0.45, 0.55);
    }

    [Fact]
    public void Downloads_that_fail_count_as_longer_than_any_that_succeed()
    {
        var past = new Past();
        var random = new Random(2);
        for (int i = 0; i < 400; i++)
        {
            bool isAdvised = i % 4 != 0;
            past.Download(10 * Noise(random), 100 * Mebi, isAdvised ? random.NextDouble() < 0.5 : true, facts: [("advice", isAdvised ? "advised" : "default")]);
        }

        Assert.Equal(AdviceVerdict.Harmed, Measure(past).Verdict);
    }

    [Fact]
    public void Odd_histories_have_no_verdict_and_do_not_throw()
    {
        Assert.Equal(AdviceVerdict.NotEnoughData, Measure(new Past()).Verdict);
        var past = new Past();
        for (int i = 0; i < 300; i++)
        {
            past.Download(i % 3 == 0 ? 0 : 1, i % 2 == 0 ? 0 : 1, i % 5 == 0, facts: [("advice", i % 2 == 0 ? "advised" : "default")]);
        }

        var effect = Measure(past);
        Assert.True(effect.Ratio is null || double.IsFinite(effect.Ratio.Value));
    }

    [Fact]
    public async Task Advice_that_harms_gives_way_to_the_defaults_until_that_has_left_the_history()
    {
        var past = Downloads(300, 2);
        for (int i = 0; i < 40; i++)
        {
            past.Download(10, 100 * Mebi, facts: [("connections", i % 2 == 0 ? 1 : 2)]);
        }

        var items = await past.DownloadAsync();
        var connections = items.Of(AdviceKinds.Connections);
        Assert.Equal((4, 0d), (connections.Value, connections.Confidence));
        Assert.StartsWith("Advice harmed: ", connections.Reason, StringComparison.Ordinal);
        Assert.EndsWith("The default is used until that is older than 7 days.", connections.Reason, StringComparison.Ordinal);
        Assert.False(items.Has(AdviceKinds.ConnectionsTrial));
        Assert.True(items.Of(AdviceKinds.ExpectedSpeed).IsLearned);

        past.Time.SetUtcNow(Past.Start.AddDays(8));
        for (int i = 0; i < 40; i++)
        {
            past.Add(Past.Operation(Domain.Operations.MetricType.DownloadOperation, "file", 10, true, Past.Start.AddDays(7.9), ("bytes_downloaded", 100 * Mebi), ("url", "https://models.example/f"), ("connections", i % 2 == 0 ? 1 : 2)));
        }

        Assert.Equal(1, (await past.DownloadAsync()).Of(AdviceKinds.Connections).Value);
    }

    [Fact]
    public async Task Advice_that_helps_says_by_how_much()
    {
        var past = Downloads(400, 0.5);
        for (int i = 0; i < 40; i++)
        {
            past.Download(10, 100 * Mebi, facts: [("connections", i % 2 == 0 ? 1 : 2)]);
        }

        Assert.Contains(" Advice helped: 350 advised downloads took 0.", (await past.DownloadAsync()).Of(AdviceKinds.Connections).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_host_that_advice_harms_does_not_take_it_from_the_others()
    {
        var past = Downloads(300, 2);
        for (int i = 0; i < 40; i++)
        {
            past.Download(10, 100 * Mebi, host: "other.example", facts: [("connections", i % 2 == 0 ? 1 : 2)]);
        }

        Assert.Equal(1, (await past.DownloadAsync("other.example")).Of(AdviceKinds.Connections).Value);
        Assert.Equal(4, (await past.DownloadAsync()).Of(AdviceKinds.Connections).Value);
    }

    [Fact]
    public async Task The_reader_answers_all_downloads_each_host_all_checks_all_fallbacks_and_each_group()
    {
        var past = Downloads(300, 0.5);
        var random = new Random(3);
        for (int i = 0; i < 200; i++)
        {
            past.Fallback("a 1 ok", 5 * (i % 4 == 0 ? 1 : 0.3) * Noise(random), facts: [("advice", i % 4 == 0 ? "default" : "advised")]);
        }

        var effects = await new EffectReader(past.History, past).ReadAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal(
            [(AdviceTopic.Download, null), (AdviceTopic.Download, "models.example"), (AdviceTopic.HealthCheck, null), (AdviceTopic.Fallback, null), (AdviceTopic.Fallback, "chat")],
            effects.Select(effect => (effect.Topic, effect.Subject)));
        Assert.All(effects.Where(effect => effect.Topic != AdviceTopic.HealthCheck), effect => Assert.Equal(AdviceVerdict.Helped, effect.Verdict));
        Assert.All(await new EffectReader(past.History, past).ReadAsync("nobody", TestContext.Current.CancellationToken), effect => Assert.Equal(AdviceVerdict.NotEnoughData, effect.Verdict));
    }

    [Fact]
    public void By_chance_alone_a_verdict_of_harm_is_rare()
    {
        int harmed = Enumerable.Range(0, 300).Count(seed =>
        {
            var past = new Past();
            Fill(past, 200, 1, new Random(seed));
            return Measure(past).Verdict == AdviceVerdict.Harmed;
        });
        Assert.InRange(harmed, 0, 6);
    }

    private static AdviceEffect Measure(Past past) => EffectMeasure.Downloads(null, past.History.Downloads());

    private static Past Downloads(int count, double factor)
    {
        var past = new Past();
        Fill(past, count, factor, new Random(9));
        return past;
    }

    // Every eighth uses the defaults.
    private static void Fill(Past past, int count, double factor, Random random)
    {
        for (int i = 0; i < count; i++)
        {
            bool isAdvised = i % 8 != 1;
            past.Download(20 * (isAdvised ? factor : 1) * Noise(random), 100 * Mebi, facts: [("advice", isAdvised ? "advised" : "default")]);
        }
    }

    private static double Noise(Random random) => Math.Exp((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 0.4);
}
