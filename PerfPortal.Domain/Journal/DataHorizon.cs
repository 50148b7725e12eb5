namespace PerfPortal.Domain.Journal;

/// <summary>
/// The times before which data is deleted. Coarser data is kept at least as long: <paramref name="Hours"/> ≤ <paramref name="Minutes"/> ≤ <paramref name="Rows"/>.
/// </summary>
/// <param name="Rows">For operation rows and samples; a whole minute.</param>
/// <param name="Minutes">For minute rollups; a whole hour.</param>
/// <param name="Hours">For hour rollups; a whole hour.</param>
public sealed record DataHorizon(DateTimeOffset Rows, DateTimeOffset Minutes, DateTimeOffset Hours)
{
    /// <summary>Nothing is deleted.</summary>
    public static DataHorizon None { get; } = new(DateTimeOffset.MinValue, DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    /// <summary>Returns the later time of both for each kind of data.</summary>
    public DataHorizon Later(DataHorizon other) => new(Later(Rows, other.Rows), Later(Minutes, other.Minutes), Later(Hours, other.Hours));

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
