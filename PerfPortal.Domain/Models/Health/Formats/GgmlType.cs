namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>The element types of GGUF files: elements and bytes of a block (https://github.com/ggml-org/ggml, <c>ggml.c</c>, type traits).</summary>
/// <param name="Name">The name.</param>
/// <param name="Elements">The elements of a block; a row is a whole number of blocks.</param>
/// <param name="Bytes">The bytes of a block.</param>
internal readonly record struct GgmlType(string Name, uint Elements, uint Bytes)
{
    private static readonly GgmlType[] Known =
    [
        new("F32", 1, 4), new("F16", 1, 2), new("Q4_0", 32, 18), new("Q4_1", 32, 20), default, default, new("Q5_0", 32, 22), new("Q5_1", 32, 24), new("Q8_0", 32, 34), new("Q8_1", 32, 36),
        new("Q2_K", 256, 84), new("Q3_K", 256, 110), new("Q4_K", 256, 144), new("Q5_K", 256, 176), new("Q6_K", 256, 210), new("Q8_K", 256, 292),
        new("IQ2_XXS", 256, 66), new("IQ2_XS", 256, 74), new("IQ3_XXS", 256, 98), new("IQ1_S", 256, 50), new("IQ4_NL", 32, 18), new("IQ3_S", 256, 110), new("IQ2_S", 256, 82), new("IQ4_XS", 256, 136),
        new("I8", 1, 1), new("I16", 1, 2), new("I32", 1, 4), new("I64", 1, 8), new("F64", 1, 8), new("IQ1_M", 256, 56), new("BF16", 1, 2),
        default, default, default, new("TQ1_0", 256, 54), new("TQ2_0", 256, 66), default, default, default, new("MXFP4", 32, 17),
        new("NVFP4", 64, 36), new("Q1_0", 128, 18), new("Q2_0", 64, 18),
    ];

    /// <summary>The first number that is not assigned in the versions known here, and may be a newer type.</summary>
    public const uint FirstUnassigned = 43;

    /// <summary>The type of a number; <see langword="null"/> if it is unknown or was removed.</summary>
    public static GgmlType? Of(uint number) => number < Known.Length && Known[number].Elements > 0 ? Known[number] : null;
}
