namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Statistics of a column, collected in one pass.</summary>
internal readonly record struct ColumnFacts(long Min, long Max, long MinDelta, long MaxDelta)
{
    /// <summary>Whether the values form an arithmetic sequence.</summary>
    public bool IsSequence => MinDelta == MaxDelta;

    /// <summary>Computes the statistics of at least one value.</summary>
    public static ColumnFacts Of(ReadOnlySpan<long> values)
    {
        long before = values[0];
        long min = before, max = before;
        long minDelta = values.Length > 1 ? values[1] - before : 0;
        long maxDelta = minDelta;
        foreach (long value in values[1..])
        {
            long delta = value - before;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            minDelta = Math.Min(minDelta, delta);
            maxDelta = Math.Max(maxDelta, delta);
            before = value;
        }

        return new(min, max, minDelta, maxDelta);
    }

    /// <summary>Returns the greatest common divisor of all differences between values, which also divides all differences between deltas.</summary>
    public ulong Divisor(ReadOnlySpan<long> values)
    {
        ulong divisor = (ulong)(Max - Min);
        if (divisor > long.MaxValue)
        {
            // Deltas of such values wrap around and are no longer multiples.
            return 1;
        }

        foreach (long value in values)
        {
            if (divisor <= 1)
            {
                return 1;
            }

            ulong rest = (ulong)(value - Min) % divisor;
            while (rest != 0)
            {
                (divisor, rest) = (rest, divisor % rest);
            }
        }

        return divisor;
    }
}
