namespace PerfPortal.Benchmarks.Workload.Models;

/// <summary>Random numbers that depend only on a seed and a number, whichever thread asks first (SplitMix64).</summary>
internal static class Chance
{
    public const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Mixes the bits of a number.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    /// <summary>A number of at least 0 and below 1, from a seed and two numbers.</summary>
    public static double Draw(int seed, long number, int purpose) =>
        (Mix(Mix(((ulong)(uint)seed * Golden) + (ulong)number) + (ulong)(uint)purpose) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A seed from another one and a text, the same in every process.</summary>
    public static ulong Seed(int seed, string text)
    {
        ulong hash = Mix((ulong)(uint)seed + Golden);
        foreach (char letter in text)
        {
            hash = Mix(hash ^ letter);
        }

        return hash;
    }
}
