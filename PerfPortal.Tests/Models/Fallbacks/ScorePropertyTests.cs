using FsCheck.Xunit;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using Xunit;

namespace PerfPortal.Tests.Models.Fallbacks;

public sealed class ScorePropertyTests
{
    private static readonly string?[] Families = [null, "llama-3.1", "llama-2", "qwen2.5", "Llama"];
    private static readonly string?[] Licences = [null, "mit", "llama3.1", "apache-2.0"];

    [Property]
    public void A_score_is_from_0_to_1_its_parts_explain_it_and_it_is_always_the_same(int seed)
    {
        var random = new Random(seed);
        var scorer = new CompatibilityScorer(Weights(random));
        var (wanted, candidate, request) = (Model(random, "wanted"), Model(random, "candidate"), Request(random));
        var score = scorer.Score(wanted, candidate, request);
        Assert.InRange(score.Value, 0, 1);
        Assert.All(score.Parts, part =>
        {
            Assert.InRange(part.Value, 0, 1);
            Assert.InRange(part.Weight, 0, 1 + 1e-12);
            Assert.False(string.IsNullOrWhiteSpace(part.Sentence));
        });
        if (score.IsExcluded)
        {
            Assert.Equal((0, 0), (score.Value, score.Parts.Count));
        }
        else if (score.Parts.Count > 0)
        {
            Assert.Equal(1, score.Parts.Sum(part => part.Weight), 9);
            Assert.Equal(score.Value, score.Parts.Sum(part => part.Weight * part.Value), 9);
        }

        Assert.Equal(score.Value, scorer.Score(wanted, candidate with { }, request with { }).Value);
    }

    [Property]
    public void What_comes_closer_to_the_wanted_model_does_not_score_less(int seed)
    {
        var random = new Random(seed);
        var scorer = new CompatibilityScorer(Weights(random));
        var (wanted, candidate) = (Model(random, "wanted"), Model(random, "candidate"));
        double before = Score(candidate);
        Assert.True(Score(candidate with { Fidelity = 1 }) >= before - 1e-12);
        Assert.True(Score(candidate with { ContextTokens = Math.Max(candidate.ContextTokens ?? 0, wanted.ContextTokens ?? 1) }) >= before - 1e-12);
        Assert.True(Score(candidate with { Endpoint = null }) >= before - 1e-12);
        Assert.True(Score(candidate with { Licence = wanted.Licence ?? candidate.Licence }) >= before - 1e-12);
        if (candidate.Parameters is { } parameters && wanted.Parameters is { } aim)
        {
            // Halfway between the two, on the logarithmic scale.
            long closer = (long)Math.Sqrt((double)parameters * aim);
            Assert.True(Score(candidate with { Parameters = closer }) >= before - 1e-9);
        }

        double Score(ModelCandidate model) => scorer.Score(wanted, model, FallbackRequest.Any).Value;
    }

    [Property]
    public void A_stricter_request_excludes_at_least_as_much(int seed)
    {
        var random = new Random(seed);
        var scorer = new CompatibilityScorer();
        var (wanted, candidate, request) = (Model(random, "wanted"), Model(random, "candidate"), Request(random));
        if (scorer.Score(wanted, candidate, request).IsExcluded)
        {
            Assert.True(scorer.Score(wanted, candidate, request with { MustBeLocal = true }).IsExcluded);
            Assert.True(scorer.Score(wanted, candidate, request with { MinContextTokens = (request.MinContextTokens ?? 0) + 1 }).IsExcluded);
            Assert.True(scorer.Score(wanted, candidate, request with { MaxMemoryBytes = request.MaxMemoryBytes / 2 }).IsExcluded);
        }
    }

    internal static ModelCandidate Model(Random random, string name) => new()
    {
        Name = name,
        Task = random.Next(8) == 0 ? "embedding" : "text-generation",
        Model = random.Next(4) == 0 ? "org/model-" + random.Next(2) : null,
        Family = Families[random.Next(Families.Length)],
        Parameters = Maybe(random, () => random.NextInt64(1, 400_000_000_000)),
        Quantization = random.Next(4) == 0 ? null : random.Next(8) == 0 ? "unheard-of" : QuantizationLevel.All[random.Next(QuantizationLevel.All.Count)].Name,
        Fidelity = random.Next(6) == 0 ? random.NextDouble() : null,
        ContextTokens = Maybe(random, () => random.Next(1, 2_000_000)),
        MemoryBytes = random.Next(4) == 0 ? random.NextInt64(1L << 40) : null,
        Licence = Licences[random.Next(Licences.Length)],
        Modalities = random.Next(2) == 0 ? ["text"] : ["text", "image"],
        Endpoint = random.Next(3) switch { 0 => null, 1 => new("http://127.0.0.1:1/"), _ => new($"https://host-{random.Next(2)}.example/") },
        IsLoaded = random.Next(4) == 0,
        GpuCount = random.Next(1, 4),
    };

    internal static FallbackRequest Request(Random random) => new()
    {
        Task = random.Next(6) == 0 ? "embedding" : null,
        MinContextTokens = Maybe(random, () => random.Next(1, 200_000)),
        AllowedLicences = random.Next(3) == 0 ? ["mit", "apache-2.0"] : [],
        MaxMemoryBytes = Maybe(random, () => random.NextInt64(1L << 41)),
        MustBeLocal = random.Next(4) == 0,
        Modalities = random.Next(3) == 0 ? ["image"] : [],
        TriesWanted = random.Next(2) == 0,
    };

    private static T? Maybe<T>(Random random, Func<T> value)
        where T : struct => random.Next(3) == 0 ? null : value();

    private static ScoreWeights Weights(Random random) => new()
    {
        Family = random.NextDouble(),
        Size = random.NextDouble() + 0.01,
        Quantization = random.Next(2) * random.NextDouble(),
        Context = random.NextDouble(),
        Locality = random.Next(2) * random.NextDouble(),
        Licence = random.NextDouble(),
    };
}
