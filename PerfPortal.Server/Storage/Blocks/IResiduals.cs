namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The residuals of a column after removing base and divisor.</summary>
internal interface IResiduals
{
    /// <summary>Returns the residual of one value.</summary>
    ulong At(int index);
}

/// <summary>(value − base) / divisor.</summary>
internal readonly ref struct PlainResiduals(ReadOnlySpan<long> values, long from, ulong divisor) : IResiduals
{
    private readonly ReadOnlySpan<long> _values = values;

    /// <inheritdoc/>
    public ulong At(int index)
    {
        ulong rest = (ulong)(_values[index] - from);
        return divisor == 1 ? rest : rest / divisor;
    }
}

/// <summary>(value − previous value − base) / divisor, starting at the second value.</summary>
internal readonly ref struct DeltaResiduals(ReadOnlySpan<long> values, long from, ulong divisor) : IResiduals
{
    private readonly ReadOnlySpan<long> _values = values;

    /// <inheritdoc/>
    public ulong At(int index)
    {
        ulong rest = (ulong)(_values[index + 1] - _values[index] - from);
        return divisor == 1 ? rest : rest / divisor;
    }
}
