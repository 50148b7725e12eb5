using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Fallbacks;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using Xunit;
using static PerfPortal.Tests.Models.Fallbacks.FakeAdviser;
using static PerfPortal.Tests.Models.Fallbacks.FallbackBench;

namespace PerfPortal.Tests.Models.Fallbacks;

public sealed class FallbackAdviceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_advice_the_least_expected_time_to_success_goes_first()
    {
        var bench = Bench(Seconds("b", 9), Seconds("c", 2), Seconds("d", 5));
        Assert.Equal(["c", "d", "b"], await OrderAsync(bench, GroupOf("b", "c", "d")));
    }

    [Fact]
    public async Task A_candidate_with_less_compatibility_must_succeed_in_as_much_less_time()
    {
        // A fifth of the size: 1 − 0.25 × log2(5) / 4 = 0.855 of the compatibility.
        var small = Other("small") with { Parameters = Wanted.Parameters / 5 };
        Assert.Equal(["small", "b"], await OrderAsync(Bench(Seconds("b", 10), Seconds("small", 8.4)), Group(Other("b"), small)));
        Assert.Equal(["b", "small"], await OrderAsync(Bench(Seconds("b", 10), Seconds("small", 8.7)), Group(Other("b"), small)));
        var timeOnly = new FallbackBench(new() { CompatibilityWeight = 0, Random = () => 0.9 }, new FakeAdviser(Seconds("b", 10), Seconds("small", 9.9)));
        Assert.Equal(["small", "b"], await OrderAsync(timeOnly, Group(Other("b"), small)));
    }

    [Fact]
    public async Task A_candidate_without_history_stands_with_its_strategy_then_with_the_group()
    {
        var group = Group(Other("b"), Other("new"), Other("q4") with { Quantization = "Q4_K_M" }, Other("q5") with { Quantization = "Q5_K_M" });
        Assert.Equal(["b", "new", "q5", "q4"], await OrderAsync(Bench(Seconds("b", 2), Seconds("q4", 20)), group));
        Assert.Equal(["q5", "q4", "b", "new"], await OrderAsync(Bench(Seconds("b", 20), Seconds("q4", 2)), group));
    }

    [Fact]
    public async Task Ranks_are_followed_where_times_are_not_known()
    {
        var bench = Bench(Item(AdviceKinds.AlternativeRank, "c", 1), Item(AdviceKinds.AlternativeRank, "b", 2));
        Assert.Equal(["c", "b", "d"], await OrderAsync(bench, GroupOf("d", "b", "c")));
    }

    [Theory]
    [InlineData(0.124, "b", AdviceFacts.Default)]
    [InlineData(0.125, "c", AdviceFacts.Advised)]
    public async Task One_in_8_uses_the_default_order_and_says_so(double chance, string first, string arm)
    {
        var bench = new FallbackBench(new() { Random = () => chance }, new FakeAdviser(Seconds("b", 9), Seconds("c", 2)));
        var decision = await bench.Manager.ChooseAsync(GroupOf("b", "c"), FallbackRequest.Any, Token);
        Assert.Equal(first, decision.Chosen!.Candidate.Name);
        Assert.Equal(arm, bench.Ended[0].Metadata[AdviceFacts.Arm].Text);
        Assert.Equal(9, decision.Alternatives.Single(item => item.Candidate.Name == "b").ExpectedSeconds);
    }

    [Fact]
    public async Task Safe_defaults_are_no_advice()
    {
        var bench = Bench(Seconds("c", 1) with { Confidence = 0 }, Item(AdviceKinds.ExpectedSeconds, null, 1), Seconds("c", double.NaN), Seconds("c", -1));
        Assert.Equal(["b", "c"], await OrderAsync(bench, GroupOf("b", "c")));
        Assert.Equal(AdviceFacts.Default, bench.Ended[0].Metadata[AdviceFacts.Arm].Text);
    }

    [Fact]
    public async Task Advice_that_gave_way_to_the_default_is_not_followed_although_times_are_known()
    {
        AdviceItem[] items = [Seconds("b", 9), Seconds("c", 2), Item(AdviceKinds.AlternativeRank, "c", 1)];
        var ranked = new FakeAdviser(items);
        Assert.Equal("c", (await OrderAsync(new(adviser: ranked), GroupOf("b", "c")))[0]);

        // What a portal answers whose comparison found that advice did harm.
        var bench = new FallbackBench(adviser: new Plain([.. items.Take(2), items[2] with { Value = null, Confidence = 0 }]));
        Assert.Equal(["b", "c"], await OrderAsync(bench, GroupOf("b", "c")));
        Assert.Equal(AdviceFacts.Default, bench.Ended[0].Metadata[AdviceFacts.Arm].Text);
    }

    [Fact]
    public async Task An_adviser_that_throws_costs_only_its_advice_and_is_asked_again_later()
    {
        var adviser = new FakeAdviser(Seconds("b", 9), Seconds("c", 2)) { Before = _ => throw new InvalidOperationException("Broken.") };
        var bench = new FallbackBench(adviser: adviser);
        Assert.Equal(["b", "c"], await OrderAsync(bench, GroupOf("b", "c")));
        adviser.Before = null;
        Assert.Equal(["b", "c"], await OrderAsync(bench, GroupOf("b", "c")));
        Assert.Equal(1, adviser.Asked);
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(async () => (await OrderAsync(bench, GroupOf("b", "c")))[0] == "c");
        Assert.Equal(2, adviser.Asked);
    }

    [Fact]
    public async Task An_adviser_that_is_slow_is_not_waited_for_and_its_answer_serves_the_next_fallback()
    {
        var gate = new TaskCompletionSource();
        var adviser = new FakeAdviser(Seconds("b", 9), Seconds("c", 2)) { Before = _ => gate.Task };
        var bench = new FallbackBench(adviser: adviser);
        var first = OrderAsync(bench, GroupOf("b", "c"));
        await bench.PassUntilAsync(first, 0.05);
        Assert.Equal(["b", "c"], await first);
        gate.SetResult();
        await UntilAsync(async () =>
        {
            var next = OrderAsync(bench, GroupOf("b", "c"));
            await bench.PassUntilAsync(next, 0.05);
            return (await next)[0] == "c";
        });
    }

    [Fact]
    public async Task Advice_that_expired_still_serves_while_new_advice_is_fetched()
    {
        var gate = new TaskCompletionSource();
        var adviser = new FakeAdviser(Seconds("b", 9), Seconds("c", 2));
        var bench = new FallbackBench(adviser: adviser);
        Assert.Equal("c", (await OrderAsync(bench, GroupOf("b", "c")))[0]);
        adviser.Before = _ => gate.Task;
        bench.Time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(("c", 1), ((await OrderAsync(bench, GroupOf("b", "c")))[0], adviser.Asked));
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("c", (await OrderAsync(bench, GroupOf("b", "c")))[0]);
        await UntilAsync(() => Task.FromResult(adviser.Asked == 2));
        Assert.Equal("c", (await OrderAsync(bench, GroupOf("b", "c")))[0]);
        Assert.Equal(2, adviser.Asked);
        gate.SetResult();
    }

    [Theory]
    [InlineData(5, 20)]
    [InlineData(0.01, 1)]
    [InlineData(3_600, 60)]
    public async Task An_attempt_is_given_up_after_four_times_the_expected_time_within_the_bounds(double expected, double timeout)
    {
        var bench = Bench(Seconds("b", expected), Seconds("c", 10_000));
        var began = new TaskCompletionSource();
        var run = bench.Manager.ExecuteAsync(
            GroupOf("b", "c"), FallbackRequest.Any, (candidate, _) =>
            {
                began.TrySetResult();
                return candidate.Name == "b" ? new TaskCompletionSource<int>().Task : Task.FromResult(1);
            },
            Token);
        await began.Task;
        bench.Time.Advance(TimeSpan.FromSeconds(timeout - 0.1));
        Assert.Equal(0, bench.Manager.Groups[0].Candidates[1].Attempts);
        await bench.PassUntilAsync(run, 0.1);
        Assert.StartsWith("No result within", (await run).Decision.Attempts[0].Error);
        Assert.Equal(timeout, (await run).Decision.Attempts[0].Duration.TotalSeconds, 0);
    }

    private static AdviceItem Seconds(string name, double seconds) => Item(AdviceKinds.ExpectedSeconds, name, seconds);

    private static FallbackBench Bench(params AdviceItem[] items) => new(adviser: new FakeAdviser(items));

    private static async Task<string[]> OrderAsync(FallbackBench bench, FallbackGroup group)
    {
        var decision = await bench.Manager.ChooseAsync(group, FallbackRequest.Any, Token);
        return [.. decision.Alternatives.Where(alternative => alternative.Place is not null).Select(alternative => alternative.Candidate.Name)];
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (int i = 0; !await holds(); i++)
        {
            Assert.True(i < 5_000, "It never came to hold.");
            await Task.Delay(1, Token);
        }
    }

    private sealed class Plain(AdviceItem[] items) : IAdviser
    {
        public ValueTask<IReadOnlyList<AdviceItem>> AdviseAsync(AdviceQuestion question, CancellationToken cancellationToken) => new(items);
    }

    [Fact]
    public async Task What_was_learned_of_another_group_with_the_same_name_is_not_followed()
    {
        var bench = Bench(Seconds("another-b", 9), Seconds("another-c", 2), Item(AdviceKinds.CacheLifetime, null, 60));
        await OrderAsync(bench, GroupOf("b", "c"));
        Assert.Equal(AdviceFacts.Default, bench.Ended[0].Metadata[AdviceFacts.Arm].Text);
    }

    [Fact]
    public async Task Nothing_to_try_follows_no_advice()
    {
        var bench = Bench(Seconds("b", 9));
        await Assert.ThrowsAsync<FallbackException>(() => bench.Manager.ChooseAsync(GroupOf("b"), new FallbackRequest { MinContextTokens = 1_000_000 }, Token));
        Assert.Equal(("no_alternative", AdviceFacts.Default), (bench.Ended[0].ErrorType, bench.Ended[0].Metadata[AdviceFacts.Arm].Text));
    }
}
