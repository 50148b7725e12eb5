using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Fallbacks;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using Xunit;
using static PerfPortal.Tests.Models.Fallbacks.FallbackBench;

namespace PerfPortal.Tests.Models.Fallbacks;

public sealed class FallbackCacheTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scores_are_calculated_once_for_the_same_candidates_and_requirements()
    {
        var bench = new FallbackBench();
        for (int i = 0; i < 100; i++)
        {
            // New objects with the same content each time.
            Assert.Equal(i > 0, await IsHitAsync(bench, GroupOf("b", "c"), new() { AllowedLicences = ["mit", "llama3.1"] }));
        }

        Assert.Equal((99, 1, 0.99), (bench.Manager.CacheHits, bench.Manager.CacheMisses, bench.Manager.CacheHitRate));
        Assert.Equal(99, bench.Ended.Count(operation => operation.Metadata["cache_hit"].Numeric == 1));
    }

    [Fact]
    public async Task A_changed_candidate_or_requirement_is_scored_anew()
    {
        var bench = new FallbackBench();
        await IsHitAsync(bench, GroupOf("b", "c"), FallbackRequest.Any);
        Assert.False(await IsHitAsync(bench, Group(Other("b"), Other("c") with { ContextTokens = 4_096 }), FallbackRequest.Any));
        Assert.False(await IsHitAsync(bench, GroupOf("b", "c"), new() { MustBeLocal = true }));
        Assert.False(await IsHitAsync(bench, new("chat", Wanted with { Quantization = "bf16" }, [Other("b"), Other("c")]), FallbackRequest.Any));
        Assert.True(await IsHitAsync(bench, GroupOf("b", "c"), FallbackRequest.Any));
    }

    [Theory]
    [InlineData(60, 59, true)]
    [InlineData(60, 60, false)]
    [InlineData(0, 9, true)]
    [InlineData(0, 10, false)]
    public async Task Scores_stay_as_long_as_advised(double lifetime, double age, bool isHit)
    {
        var bench = new FallbackBench(adviser: new FakeAdviser(
            FakeAdviser.Item(AdviceKinds.CacheLifetime, null, lifetime), FakeAdviser.Item(AdviceKinds.ExpectedSeconds, "b", 1)));
        await IsHitAsync(bench, GroupOf("b", "c"), FallbackRequest.Any);
        bench.Time.Advance(TimeSpan.FromSeconds(age));
        Assert.Equal(isHit, await IsHitAsync(bench, GroupOf("b", "c"), FallbackRequest.Any));
    }

    [Fact]
    public async Task A_million_different_requests_do_not_fill_the_memory()
    {
        var bench = new FallbackBench(new() { MaxCachedScores = 30 });
        for (int i = 0; i < 1_000; i++)
        {
            await IsHitAsync(bench, GroupOf("b", "c"), new() { MinContextTokens = i });
        }

        Assert.Equal(10, bench.Manager.CachedScoreLists);
        Assert.True(await IsHitAsync(bench, GroupOf("b", "c"), new() { MinContextTokens = 999 }));
        Assert.False(await IsHitAsync(bench, GroupOf("b", "c"), new() { MinContextTokens = 1 }));
    }

    [Fact]
    public async Task Without_room_nothing_is_kept()
    {
        var bench = new FallbackBench(new() { MaxCachedScores = 0 });
        await IsHitAsync(bench, GroupOf("b"), FallbackRequest.Any);
        Assert.False(await IsHitAsync(bench, GroupOf("b"), FallbackRequest.Any));
    }

    private static async Task<bool> IsHitAsync(FallbackBench bench, FallbackGroup group, FallbackRequest request) =>
        (await bench.Manager.ChooseAsync(group, request, Token)).IsScoreCached;
}
