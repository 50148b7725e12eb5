using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using Xunit;
using static PerfPortal.Tests.Models.Fallbacks.FallbackBench;

namespace PerfPortal.Tests.Models.Fallbacks;

public sealed class CandidateTests
{
    [Fact]
    public void Groups_and_requests_with_the_same_content_are_equal_whatever_the_order_and_case_of_their_lists()
    {
        Assert.Equal(GroupOf("b", "c"), GroupOf("b", "c"));
        Assert.Equal(GroupOf("b", "c").GetHashCode(), GroupOf("b", "c").GetHashCode());
        Assert.NotEqual(GroupOf("b", "c"), GroupOf("c", "b"));
        Assert.NotEqual(Group(Other("b")), Group(Other("b") with { ContextTokens = 1 }));
        FallbackRequest one = new() { AllowedLicences = ["mit", "Apache-2.0"], Modalities = [] };
        FallbackRequest other = new() { AllowedLicences = ["apache-2.0", "MIT", "mit", " "] };
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, other with { AllowedLicences = ["mit"] });
        Assert.Equal("Apache-2.0, mit", one.AllowedLicences.ToString());
    }

    [Fact]
    public void A_group_that_cannot_work_is_refused_with_the_property_and_the_limit()
    {
        Assert.Contains("from 1 to 64 candidates", Refused(() => GroupOf()));
        Assert.Contains("from 1 to 64 candidates", Refused(() => GroupOf([.. Enumerable.Range(0, 65).Select(i => $"m{i}")])));
        Assert.Contains("b occurs twice", Refused(() => GroupOf("b", "b")));
        Assert.Contains("llama-8b occurs twice", Refused(() => GroupOf("llama-8b")));
        Assert.Contains("b: Parameters must be at least 1", Refused(() => Group(Other("b") with { Parameters = 0 })));
        Assert.Contains("b: Endpoint must not contain credentials", Refused(() => Group(Other("b") with { Endpoint = new("https://me:secret@host/") })));
        Assert.Contains("b: Endpoint must be an absolute address", Refused(() => Group(Other("b") with { Endpoint = new("/v1", UriKind.Relative) })));
        Assert.Contains("b: Fidelity must be from 0 to 1", Refused(() => Group(Other("b") with { Fidelity = double.NaN })));
        Assert.Contains("b: Task is missing", Refused(() => Group(Other("b") with { Task = " " })));
        Assert.Contains("at most 200 characters", Refused(() => new FallbackGroup(new('n', 201), Wanted, [Other("b")])));
        Assert.Contains("A candidate is missing", Refused(() => Group([null!])));
    }

    [Fact]
    public void Each_candidate_has_its_strategy()
    {
        Assert.Equal(FallbackStrategy.WantedModel, Of(Wanted));
        Assert.Equal(FallbackStrategy.SameModelElsewhere, Of(Other("b")));
        Assert.Equal(FallbackStrategy.SameModelElsewhere, Of(Other("b") with { Endpoint = new("https://models.example/"), Quantization = "q8-0" }));
        Assert.Equal(FallbackStrategy.OtherQuantization, Of(Other("b") with { Quantization = "Q4_K_M" }));
        Assert.Equal(FallbackStrategy.Smaller, Of(Other("b") with { Parameters = 3_210_000_000 }));
        Assert.Equal(FallbackStrategy.Larger, Of(Other("b") with { Parameters = 70_600_000_000 }));
        Assert.Equal(FallbackStrategy.OtherFamily, Of(Other("b") with { Family = "qwen2.5" }));
        Assert.Equal(FallbackStrategy.Remote, Of(Other("b") with { Family = "qwen2.5", Endpoint = new("https://models.example/") }));
        var declared = Wanted with { Model = "meta-llama/Llama-3.1-8B" };
        Assert.Equal(FallbackStrategy.Smaller, FallbackStrategies.Of(declared, Other("b") with { Model = "other/finetune" }));
        Assert.Equal(
            ["wanted_model", "same_model_elsewhere", "other_quantization", "smaller", "larger", "other_family", "remote"],
            Enum.GetValues<FallbackStrategy>().Select(strategy => strategy.WireName()));
    }

    [Theory]
    [InlineData("Q4_K_M", 4.90)]
    [InlineData("q4-k-m", 4.90)]
    [InlineData("BFloat16", 16)]
    [InlineData("AWQ", 4.25)]
    public void A_quantization_is_found_by_any_usual_writing_of_its_name(string name, double bits) => Assert.Equal(bits, QuantizationLevel.Find(name)!.BitsPerWeight);

    [Fact]
    public void More_bits_never_preserve_less_by_more_than_the_published_figures_say()
    {
        Assert.Null(QuantizationLevel.Find("unheard-of"));
        Assert.Null(QuantizationLevel.Find(null));
        Assert.All(QuantizationLevel.All, level => Assert.InRange(level.Fidelity, 0, 1));
        string[] order = ["f16", "q8_0", "q6_k", "q5_k_m", "q4_k_m", "q3_k_m", "q2_k", "iq1_s"];
        Assert.Equal(order.Select(name => QuantizationLevel.Find(name)!.Fidelity).OrderDescending(), order.Select(name => QuantizationLevel.Find(name)!.Fidelity));
    }

    private static FallbackStrategy Of(ModelCandidate candidate) => FallbackStrategies.Of(Wanted, candidate);

    private static string Refused(Func<FallbackGroup> make) => Assert.ThrowsAny<ArgumentException>(make).Message;
}
