using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.Fallbacks;
using Xunit;

namespace PerfPortal.Tests.Advice;

public sealed class FallbackAdviceTests
{
    [Fact]
    public void The_advised_order_is_the_best_of_all_permutations()
    {
        var random = new Random(8);
        for (int round = 0; round < 200; round++)
        {
            var alternatives = Enumerable.Range(0, random.Next(1, 7))
                .Select(i => Made($"m{i}", random.Next(0, 40), random.NextDouble() * 20, random)).ToList();
            double advised = TriedAlternative.ExpectedSeconds(TriedAlternative.Ordered(alternatives));
            double best = Permutations(alternatives).Min(Expected);
            Assert.Equal(best, advised, 9);
        }
    }

    [Fact]
    public async Task The_alternative_with_the_shortest_time_to_success_goes_first_not_the_one_that_succeeds_most()
    {
        var past = new Past();
        for (int i = 0; i < 20; i++)
        {
            past.Fallback($"safe 40 ok");
            past.Fallback($"quick 2 {(i % 2 == 0 ? "ok" : "failed")}; safe 40 ok");
            past.Fallback("hopeless 1 failed; safe 40 ok");
        }

        var items = await past.FallbackAsync();
        Assert.Equal(["quick", "hopeless", "safe"], items.Where(item => item.Kind == AdviceKinds.AlternativeRank).OrderBy(item => item.Value).Select(item => item.Subject));
        Assert.Equal(11 / 22.0, items.Of(AdviceKinds.ExpectedSuccess, "quick").Value!.Value, 12);
        Assert.Equal(2 / (11 / 22.0), items.Of(AdviceKinds.ExpectedSeconds, "quick").Value!.Value, 9);
        Assert.Equal("10 of 20 attempts of quick succeeded, at 2.0 s each on average, which makes 4.0 s until one succeeds; the alternative with the shortest time goes first.", items.Of(AdviceKinds.AlternativeRank, "quick").Reason);
        double hopeless = 1 / 22.0;
        double safe = 61 / 62.0;
        Assert.Equal(1 - (0.5 * (1 - hopeless) * (1 - safe)), items.Of(AdviceKinds.ExpectedSuccess).Value!.Value, 9);
        Assert.Equal(2 + (0.5 * 1) + (0.5 * (1 - hopeless) * 40), items.Of(AdviceKinds.ExpectedSeconds).Value!.Value, 9);
    }

    [Fact]
    public async Task With_too_few_attempts_only_the_default_lifetime_is_answered()
    {
        var past = new Past();
        past.Fallback("a 1 ok");
        var item = Assert.Single(await past.FallbackAsync());
        Assert.Equal((AdviceKinds.CacheLifetime, 300, 0d), (item.Kind, item.Value, item.Confidence));
        Assert.Equal("Only 1 attempt of chat by host is recorded so far; at least 12 are needed.", item.Reason);
    }

    [Fact]
    public async Task One_that_was_chosen_without_a_list_of_attempts_counts_as_tried()
    {
        var past = new Past();
        for (int i = 0; i < 12; i++)
        {
            past.Add(Domain.Operations.MetricType.FallbackStrategy, "chat", 3, i % 4 != 0, ("chosen", "b"));
        }

        Assert.Equal(10 / 14.0, (await past.FallbackAsync()).Of(AdviceKinds.ExpectedSuccess, "b").Value!.Value, 12);
    }

    [Fact]
    public void A_score_lives_as_long_as_nine_in_ten_are_still_right()
    {
        Assert.Equal(300, ChangeRate.Lifetime(0, 0), 9);
        Assert.True(ChangeRate.Lifetime(1, 3600) < ChangeRate.Lifetime(0, 3600));
        Assert.True(ChangeRate.Lifetime(1, 7200) > ChangeRate.Lifetime(1, 3600));

        // Much data: changes once in an hour, so that after 379 s one in ten has changed.
        Assert.Equal(-Math.Log(0.9) * 3600, ChangeRate.Lifetime(10_000, 10_000 * 3600.0), 0);
    }

    [Fact]
    public void Changes_are_those_of_availability_and_score_of_one_alternative()
    {
        var past = new Past();
        past.Fallback("a 1 ok", facts: [("chosen", "a"), ("compatibility_score", 0.9)]);
        past.Fallback("b 1 ok", facts: [("chosen", "b"), ("compatibility_score", 0.4)]);
        past.Fallback("a 1 ok", facts: [("chosen", "a"), ("compatibility_score", 0.9)]);
        past.Fallback("a 1 ok", facts: [("chosen", "a"), ("compatibility_score", 0.5)]);
        past.Fallback("a 1 failed; b 1 ok", facts: [("chosen", "b"), ("compatibility_score", 0.4)]);
        Assert.Equal((2, (2 + 1 + 1 + 3) * 60d), ChangeRate.Count(past.History.Fallbacks()));
    }

    [Fact]
    public void Trying_the_other_one_first_would_have_saved_the_attempts_before_it()
    {
        // Twice an hour for two days a takes 10 s in vain before b answers after 2 s.
        var past = new Past { Step = TimeSpan.FromMinutes(30) };
        for (int i = 0; i <= 96; i++)
        {
            past.Fallback("a 10 failed; b 2 ok", 12);
        }

        var all = FallbackCounterfactual.Of(past.History.Fallbacks("host", "chat"));
        var first = all[0];
        Assert.Equal(("b", 194, 97), (first.Alternative, first.Attempts, first.Fallbacks));
        Assert.Equal(97 * 10 / 2.0, first.SavedSecondsPerDay, 9);
        Assert.Equal("Trying b first would have saved 8 m 05 s a day; based on 194 recorded attempts.", first.Sentence);
        Assert.Equal(0, all[1].SavedSecondsPerDay, 9);
    }

    [Fact]
    public void What_was_never_tried_in_a_fallback_is_estimated_by_its_mean_time_and_success()
    {
        var past = new Past();
        for (int i = 0; i < 10; i++)
        {
            past.Fallback("a 10 failed; c 20 ok");
            past.Fallback("b 2 ok");
        }

        double saved = FallbackCounterfactual.Of(past.History.Fallbacks()).Single(one => one.Alternative == "b").SavedSecondsPerDay;
        double p = 11 / 12.0;
        Assert.Equal(10 * (30 - (2 + ((1 - p) * 30))), saved, 9);
        Assert.Empty(FallbackCounterfactual.Of([]));
    }

    [Fact]
    public void What_would_have_cost_time_says_so()
    {
        var past = new Past();
        for (int i = 0; i < 12; i++)
        {
            past.Fallback(i == 0 ? "slow 90 failed; a 1 ok" : "a 1 ok");
        }

        var slow = FallbackCounterfactual.Of(past.History.Fallbacks())[^1];
        Assert.Equal("slow", slow.Alternative);
        Assert.True(slow.SavedSecondsPerDay < 0 && slow.Low <= slow.SavedSecondsPerDay && slow.SavedSecondsPerDay <= slow.High);
        Assert.Contains("would have cost", slow.Sentence, StringComparison.Ordinal);
    }

    private static TriedAlternative Made(string name, int attempts, double seconds, Random random) => new(name, attempts, random.Next(0, attempts + 1), seconds);

    // By the definition: the sum over the attempts of their time, times the probability that all before failed.
    private static double Expected(IReadOnlyList<TriedAlternative> order) =>
        order.Select((one, i) => one.Seconds * order.Take(i).Aggregate(1.0, (failed, before) => failed * (1 - ((before.Succeeded + 1.0) / (before.Attempts + 2.0))))).Sum();

    private static IEnumerable<IReadOnlyList<T>> Permutations<T>(List<T> items) => items.Count == 0
        ? [[]]
        : items.SelectMany((item, i) => Permutations<T>([.. items.Take(i), .. items.Skip(i + 1)]).Select(rest => (IReadOnlyList<T>)[item, .. rest]));
}
