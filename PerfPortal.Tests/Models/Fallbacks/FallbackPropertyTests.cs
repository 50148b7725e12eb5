using FsCheck.Xunit;
using PerfPortal.Domain.Models.Fallbacks;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using Xunit;

namespace PerfPortal.Tests.Models.Fallbacks;

public sealed class FallbackPropertyTests
{
    [Property(MaxTest = 200)]
    public async Task Nothing_that_is_excluded_does_not_fit_or_is_left_alone_is_ever_tried(int seed)
    {
        var random = new Random(seed);
        var bench = new FallbackBench(new() { MinCompatibility = random.NextDouble(), Random = random.NextDouble });
        var group = new FallbackGroup(
            "group", ScorePropertyTests.Model(random, "wanted"), [.. Enumerable.Range(0, random.Next(1, 10)).Select(i => ScorePropertyTests.Model(random, $"model-{i}"))]);
        bench.Sample = new("host-a", FallbackBench.Start) { [ResourceMetric.MemoryAvailableMb] = random.Next(100_000) };
        for (int i = 0; i < 10; i++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(random.Next(20)));
            var request = ScorePropertyTests.Request(random);
            var tried = new List<string>();
            FallbackDecision decision;
            try
            {
                decision = (await bench.Manager.ExecuteAsync(
                    group, request, (candidate, _) =>
                    {
                        tried.Add(candidate.Name);
                        return random.Next(3) == 0 ? Task.FromResult(1) : Task.FromException<int>(new IOException("Down."));
                    },
                    TestContext.Current.CancellationToken)).Decision;
                Assert.Equal(tried[^1], decision.Chosen!.Candidate.Name);
            }
            catch (FallbackException exception)
            {
                decision = exception.Decision;
                Assert.Null(decision.Chosen);
            }

            Assert.Equal(tried, decision.Attempts.Select(attempt => attempt.Candidate));
            Assert.Equal(tried.Distinct(), tried);
            var planned = decision.Alternatives.Where(alternative => alternative.Place is not null).ToList();
            Assert.Equal(tried, planned.Select(alternative => alternative.Candidate.Name).Take(tried.Count));
            Assert.All(planned, alternative =>
                Assert.True(!alternative.Score.IsExcluded && alternative.Fit.Fits && alternative.Breaker.LetsThrough && alternative.NotTried is null));
            Assert.All(decision.Alternatives, alternative => Assert.Equal(alternative.Place is null, alternative.NotTried is not null));
            Assert.Equal(request.TriesWanted ? group.Candidates.Count + 1 : group.Candidates.Count, decision.Alternatives.Count);
        }

        Assert.Equal(10, bench.Ended.Length);
        Assert.All(bench.Ended, operation => Assert.All(operation.Metadata, member => Assert.Null(KnownFacts.Check(operation.MetricType, member.Key, member.Value))));
    }
}
