using PerfPortal.Domain.Models.Fallbacks;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using PerfPortal.Domain.Operations;
using Xunit;
using static PerfPortal.Tests.Models.Fallbacks.FallbackBench;

namespace PerfPortal.Tests.Models.Fallbacks;

public sealed class FallbackConcurrencyTests
{
    [Fact]
    public async Task Many_callers_at_once_lose_nothing_and_the_figures_add_up()
    {
        const int Callers = 16;
        const int Each = 200;
        var bench = new FallbackBench(new() { Breaker = new() { Failures = 1_000_000 } });
        int succeeded = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (int i = 0; i < Each; i++)
            {
                try
                {
                    await bench.Manager.ExecuteAsync(
                        GroupOf("b", "c", "d"), new() { MinContextTokens = random.Next(4) }, async (_, token) =>
                        {
                            await Task.Yield();
                            return random.Next(2) == 0 ? 1 : throw new IOException("Down.");
                        },
                        TestContext.Current.CancellationToken);
                    Interlocked.Increment(ref succeeded);
                }
                catch (FallbackException)
                {
                    // Counted as the rest.
                }

                _ = bench.Manager.Groups;
                bench.Tracker.Drain();
            }
        })));
        var state = Assert.Single(bench.Manager.Groups);
        Assert.Equal((Callers * Each, succeeded, 0), (state.Decisions, state.Succeeded, state.Running));
        Assert.Equal(Callers * Each, bench.Manager.CacheHits + bench.Manager.CacheMisses);
        Assert.Equal(succeeded, state.Candidates.Sum(candidate => candidate.Succeeded));
        Assert.Equal(state.Candidates[1].Attempts - state.Candidates[1].Succeeded, state.Candidates[2].Attempts);
        var ended = bench.Ended;
        Assert.Equal(Callers * Each, ended.Length);
        Assert.Equal(succeeded, ended.Count(operation => operation.Status == OperationStatus.Succeeded));
        Assert.Equal(Callers * Each, ended.Select(operation => operation.Id).Distinct().Count());
    }

    [Fact]
    public async Task Of_many_callers_one_probes_a_candidate_that_may_be_back()
    {
        var bench = new FallbackBench(new() { Breaker = new() { Failures = 1 } });
        var group = GroupOf("b", "c");
        var token = TestContext.Current.CancellationToken;
        await bench.Manager.ExecuteAsync(
            group, FallbackRequest.Any, (candidate, _) => candidate.Name == "b" ? Task.FromException<int>(new IOException("Down.")) : Task.FromResult(1), token);
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        var gate = new TaskCompletionSource<int>();
        int probes = 0;
        var callers = Enumerable.Range(0, 20).Select(_ => bench.Manager.ExecuteAsync(
            group, FallbackRequest.Any, (candidate, _) =>
            {
                if (candidate.Name != "b")
                {
                    return Task.FromResult(2);
                }

                Interlocked.Increment(ref probes);
                return gate.Task;
            },
            token)).ToList();
        gate.SetResult(1);
        var results = await Task.WhenAll(callers);
        Assert.Equal((1, 1, 19), (probes, results.Count(result => result.Value == 1), results.Count(result => result.Value == 2)));
    }
}
