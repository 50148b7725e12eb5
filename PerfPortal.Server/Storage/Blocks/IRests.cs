namespace PerfPortal.Server.Storage.Blocks;

/// <summary>What is left of the values of a column when base and divisor are taken out.</summary>
internal interface IRests
{
    /// <summary>The rest of one value.</summary>
    ulong At(int index);
}

/// <summary>(value − base) / divisor.</summary>
internal readonly ref struct PlainRests(ReadOnlySpan<long> values, long from, ulong divisor) : IRests
{
    private readonly ReadOnlySpan<long> _values = values;

    /// <inheritdoc/>
    public ulong At(int index)
    {
        ulong rest = (ulong)(_values[index] - from);
        return divisor == 1 ? rest : rest / divisor;
    }
}

/// <summary>(value − the one before − base) / divisor, from the second value on.</summary>
internal readonly ref struct DeltaRests(ReadOnlySpan<long> values, long from, ulong divisor) : IRests
{
    private readonly ReadOnlySpan<long> _values = values;

    /// <inheritdoc/>
    public ulong At(int index)
    {
        ulong rest = (ulong)(_values[index + 1] - _values[index] - from);
        return divisor == 1 ? rest : rest / divisor;
    }
}
