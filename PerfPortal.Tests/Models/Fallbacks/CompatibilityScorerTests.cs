using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using Xunit;
using static PerfPortal.Tests.Models.Fallbacks.FallbackBench;

namespace PerfPortal.Tests.Models.Fallbacks;

public sealed class CompatibilityScorerTests
{
    private static readonly CompatibilityScorer Scorer = new();

    [Fact]
    public void The_wanted_model_in_another_place_on_this_host_is_fully_compatible()
    {
        var score = Scorer.Score(Wanted, Other("b"), FallbackRequest.Any);
        Assert.Equal(1, score.Value);
        Assert.Equal(["family", "size", "quantization", "context", "locality", "licence"], score.Parts.Select(part => part.Name));
        Assert.All(score.Parts, part => Assert.Equal(1, part.Value));
        Assert.Equal(1, score.Parts.Sum(part => part.Weight), 12);
    }

    [Fact]
    public void Half_the_size_loses_a_quarter_of_its_part_and_says_so()
    {
        var candidate = Other("small") with { Parameters = Wanted.Parameters / 2 };
        var part = Part(candidate, "size");
        Assert.Equal(0.75, part.Value, 6);
        Assert.Equal("4.02 billion instead of 8.03 billion parameters.", part.Sentence);
        Assert.Equal(1 - (0.25 * 0.25), Scorer.Score(Wanted, candidate, FallbackRequest.Any).Value, 6);
    }

    [Theory]
    [InlineData(2, 0.875)]
    [InlineData(0.0625, 0)]
    [InlineData(0.001, 0)]
    [InlineData(1000, 0)]
    public void Size_counts_by_its_logarithm_and_a_larger_model_loses_half_as_much(double ratio, double value) =>
        Assert.Equal(value, Part(Other("b") with { Parameters = (long)(Wanted.Parameters!.Value * ratio) }, "size").Value, 3);

    [Fact]
    public void Another_quantization_is_worth_what_it_preserves_according_to_the_published_divergence()
    {
        var part = Part(Other("q4") with { Quantization = "Q4_K_M" }, "quantization");
        Assert.Equal(Math.Exp(-0.0313 + 0.00136), part.Value, 6);
        Assert.Equal("Q4_K_M preserves 97.1 % of what Q8_0 does.", part.Sentence);
        Assert.Equal(1, Part(Other("bf16") with { Quantization = "bf16" }, "quantization").Value);
        Assert.Equal(0.25, Part(Other("own") with { Fidelity = 0.25 * Math.Exp(-0.00136) }, "quantization").Value, 6);
    }

    [Theory]
    [InlineData("llama-3.1", 1)]
    [InlineData("LLAMA-3.1", 1)]
    [InlineData("llama-2", 0.6)]
    [InlineData("mistral-7b", 0)]
    [InlineData(null, 0.5)]
    public void Another_version_of_the_family_counts_less_than_the_same_and_more_than_another(string? family, double value) =>
        Assert.Equal(value, Part(Other("b") with { Family = family, Parameters = 1_000_000_000 }, "family").Value);

    [Fact]
    public void A_model_that_leaves_the_host_of_a_local_one_loses_the_part_of_locality()
    {
        var remote = Wanted with { Name = "cloud", Endpoint = new("https://models.example/v1") };
        Assert.Equal(0, Part(remote, "locality").Value);
        Assert.Equal(0.9, Scorer.Score(Wanted, remote, FallbackRequest.Any).Value, 6);
        Assert.Equal(1, Scorer.Score(remote, remote with { Name = "again" }, FallbackRequest.Any).Value);
    }

    [Fact]
    public void What_the_wanted_model_does_not_declare_is_not_compared_and_leaves_its_weight_to_the_others()
    {
        var bare = new ModelCandidate { Name = "a", Task = "embedding" };
        var score = Scorer.Score(bare, bare with { Name = "b", Family = "x", Parameters = 5 }, FallbackRequest.Any);
        Assert.Equal(["locality"], score.Parts.Select(part => part.Name));
        Assert.Equal((1, 1), (score.Value, score.Parts[0].Weight));
        Assert.Equal(0.5, new CompatibilityScorer(new() { Locality = 0 }).Score(bare, bare with { Name = "b" }, FallbackRequest.Any).Value);
    }

    [Fact]
    public void A_requirement_that_is_not_fulfilled_or_not_declared_excludes_with_the_values()
    {
        var remote = Wanted with { Name = "cloud", Endpoint = new("https://models.example/v1") };
        Assert.Equal("Its task is text-generation, and embedding is needed.", Why(Other("b"), new() { Task = "embedding" }));
        Assert.Equal("Its context has 131,072 tokens, and 200,000 are needed.", Why(Other("b"), new() { MinContextTokens = 200_000 }));
        Assert.Equal("It does not declare its context length, and 1 tokens are needed.", Why(Other("b") with { ContextTokens = null }, new() { MinContextTokens = 1 }));
        Assert.Equal("Its licence is llama3.1; allowed are apache-2.0, mit.", Why(Other("b"), new() { AllowedLicences = ["mit", "apache-2.0"] }));
        Assert.Equal("It answers at models.example, and nothing may leave this host.", Why(remote, new() { MustBeLocal = true }));
        Assert.Equal("It does not declare image, which is needed.", Why(Other("b"), new() { Modalities = ["image", "text"] }));
        Assert.Equal("The request leaves it out.", Why(Other("b"), new() { Except = ["b"] }));
        Assert.Equal(
            "It needs 9.5 GiB (8.03 billion parameters × 8.51 bits + 20 %) of memory, and at most 8 GiB are allowed.", Why(Other("b"), new() { MaxMemoryBytes = 8L << 30 }));
        Assert.Null(Why(remote, new() { MaxMemoryBytes = 1 }));
        Assert.Null(Why(Other("b"), new() { AllowedLicences = ["LLAMA3.1"], Modalities = ["TEXT"], MinContextTokens = 131_072, MaxMemoryBytes = 10L << 30 }));
    }

    [Fact]
    public void Weights_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new CompatibilityScorer(new() { Family = -1 }));
        Assert.Throws<ArgumentException>(() => new CompatibilityScorer(new() { Size = double.NaN }));
        Assert.Throws<ArgumentException>(() => new CompatibilityScorer(new() { Family = 0, Size = 0, Quantization = 0, Context = 0, Licence = 0, Locality = 0 }));
    }

    private static ScorePart Part(ModelCandidate candidate, string name) =>
        Scorer.Score(Wanted, candidate, FallbackRequest.Any).Parts.Single(part => part.Name == name);

    private static string? Why(ModelCandidate candidate, FallbackRequest request) => Scorer.Score(Wanted, candidate, request).Excluded;
}
