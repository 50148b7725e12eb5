using System.Collections.Frozen;

namespace PerfPortal.Domain.Models.Fallbacks.Candidates;

/// <summary>What is published about a quantization or number format.</summary>
/// <param name="Name">The usual name.</param>
/// <param name="BitsPerWeight">The mean bits per weight, scales included.</param>
/// <param name="Divergence">The mean Kullback-Leibler divergence of the next token from the 16-bit model, in nats per token.</param>
/// <remarks>
/// Source: the LLaMA 3 8B scoreboard of llama.cpp (<c>tools/perplexity/README.md</c>, revision f364eb6f, Wikitext-2): without an importance matrix
/// where that is published; bits from the file sizes. Losses differ by model (Q4_K_M of Llama 2 7B: 0.013), so this is an order with plausible
/// distances, not a prediction; <see cref="ModelCandidate.Fidelity"/> takes a measured one. Formats without a figure on this scale stand with the
/// plain type of as many bits: 8-bit formats with Q8_0, 4-bit formats with Q4_0.
/// </remarks>
public sealed record QuantizationLevel(string Name, double BitsPerWeight, double Divergence)
{
    private const double EightBits = 0.00136;
    private const double FourBits = 0.0719;

    /// <summary>All known ones, from the most to the least faithful within each kind.</summary>
    public static IReadOnlyList<QuantizationLevel> All { get; } =
    [
        new("f32", 32, 0), new("bf16", 16, 0), new("f16", 16, 0),
        new("q8_0", 8.51, EightBits), new("q6_k", 6.56, 0.00545),
        new("q5_k_m", 5.70, 0.0108), new("q5_k_s", 5.57, 0.0166), new("q5_1", 6.04, 0.0180), new("q5_0", 5.57, 0.0222),
        new("q4_k_m", 4.90, 0.0313), new("iq4_nl", 4.65, 0.0357), new("iq4_xs", 4.42, 0.0363), new("q4_k_s", 4.67, 0.0431),
        new("q4_1", 5.11, 0.0717), new("q4_0", 4.64, FourBits),
        new("q3_k_l", 4.31, 0.0872), new("q3_k_m", 4.00, 0.1019), new("iq3_m", 3.77, 0.1025), new("iq3_s", 3.66, 0.1113), new("iq3_xs", 3.51, 0.1387),
        new("iq3_xxs", 3.26, 0.1836), new("q3_k_s", 3.64, 0.2282),
        new("iq2_m", 2.93, 0.3260), new("iq2_s", 2.74, 0.4392), new("q2_k", 3.16, 0.4451), new("iq2_xs", 2.60, 0.5463), new("iq2_xxs", 2.39, 0.8120),
        new("iq1_m", 2.15, 1.3931), new("iq1_s", 2.01, 2.2546),
        new("fp8", 8, EightBits), new("int8", 8, EightBits),
        new("int4", 4.25, FourBits), new("awq", 4.25, FourBits), new("gptq", 4.25, FourBits), new("nf4", 4.5, FourBits), new("mxfp4", 4.25, FourBits),
    ];

    // After All, from which it is made: static members are initialized in the order of the text.
    private static readonly FrozenDictionary<string, QuantizationLevel> ByName = Index();

    /// <summary>The share of the original likelihood that remains per token, e^−divergence, 0–1.</summary>
    public double Fidelity => Math.Exp(-Divergence);

    /// <summary>Returns the figures of a quantization by its name, in any case, with <c>-</c> or <c>_</c>; <see langword="null"/> when it is not known.</summary>
    public static QuantizationLevel? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name.Trim().Replace('-', '_'));

    private static FrozenDictionary<string, QuantizationLevel> Index()
    {
        (string Alias, string Name)[] aliases =
        [
            ("float32", "f32"), ("fp32", "f32"), ("float16", "f16"), ("fp16", "f16"), ("half", "f16"), ("bfloat16", "bf16"),
            ("q5_k", "q5_k_m"), ("q4_k", "q4_k_m"), ("q3_k", "q3_k_m"), ("q2_k_s", "q2_k"),
            ("float8", "fp8"), ("f8_e4m3", "fp8"), ("f8_e5m2", "fp8"), ("w8a8", "int8"), ("8bit", "int8"), ("4bit", "int4"), ("w4a16", "int4"), ("fp4", "mxfp4"),
        ];
        var levels = All.ToDictionary(level => level.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var (alias, name) in aliases)
        {
            levels.Add(alias, levels[name]);
        }

        return levels.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
