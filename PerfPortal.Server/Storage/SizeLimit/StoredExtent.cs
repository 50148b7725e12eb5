namespace PerfPortal.Server.Storage.SizeLimit;

/// <summary>The kinds of data that the size limit deletes, each up to a horizon of its own.</summary>
internal enum StoredTier
{
    /// <summary>Operation rows and samples.</summary>
    Rows,

    /// <summary>Minute rollups of operations and samples.</summary>
    Minutes,

    /// <summary>Hour rollups of operations and samples.</summary>
    Hours,
}

/// <summary>Some stored data, treated as evenly distributed over a period.</summary>
/// <param name="Tier">The kind of data.</param>
/// <param name="FromUs">The start of the period, µs since 1970.</param>
/// <param name="ToUs">The end of the period, µs since 1970.</param>
/// <param name="Bytes">The approximate size.</param>
internal readonly record struct StoredExtent(StoredTier Tier, long FromUs, long ToUs, double Bytes)
{
    /// <summary>The length of an hour in µs.</summary>
    public const long Hour = 3_600_000_000;

    /// <summary>The approximate size of the data before a time.</summary>
    public double Before(long us) => us <= FromUs ? 0 : us >= ToUs ? Bytes : Bytes * (us - FromUs) / (ToUs - FromUs);
}
