using System.Globalization;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views;

/// <summary>The relation of the database to its size limit.</summary>
internal enum StorageLimitState
{
    /// <summary>The database is below its limit, and nothing is missing because of it.</summary>
    Within,

    /// <summary>Data was deleted earlier than retention would have.</summary>
    Reached,

    /// <summary>The database is above its limit although everything that may be deleted is deleted.</summary>
    Exceeded,
}

/// <summary>The size of the database and what its limit has deleted.</summary>
/// <param name="State"><c>within</c>, <c>reached</c> or <c>exceeded</c>.</param>
/// <param name="Summary">A sentence that describes the state.</param>
/// <param name="UsedBytes">The size of the data at the last measurement, or null if it is not known.</param>
/// <param name="LimitBytes">The limit, <c>MaxDatabaseMb</c>.</param>
/// <param name="OperationsSince">Operations and samples before this time were deleted early; null if none were.</param>
/// <param name="MinutesSince">Minute statistics before this time were deleted early; null if none were.</param>
/// <param name="HoursSince">Hour statistics before this time were deleted early; null if none were.</param>
internal sealed record StorageBody(
    StorageLimitState State, string Summary, long? UsedBytes, long LimitBytes, DateTimeOffset? OperationsSince, DateTimeOffset? MinutesSince, DateTimeOffset? HoursSince);

/// <summary>The state of the size limit, for pages and the API. Thread-safe.</summary>
internal sealed class StorageLimit(PortalOptions options, RetentionHorizons horizons)
{
    private sealed record Measured(long? UsedBytes, bool IsExhausted);

    private Measured _measured = new(null, false);

    /// <summary>The limit in bytes.</summary>
    public long LimitBytes { get; } = (long)options.MaxDatabaseMb << 20;

    /// <summary>Records a measurement.</summary>
    /// <param name="usedBytes">The size of the data, or <see langword="null"/> if the database does not report it.</param>
    /// <param name="isExhausted">Whether nothing more may be deleted although the limit is exceeded.</param>
    public void Update(long? usedBytes, bool isExhausted) => Volatile.Write(ref _measured, new(usedBytes, isExhausted));

    /// <summary>Returns the current state.</summary>
    public StorageBody Read()
    {
        var measured = Volatile.Read(ref _measured);
        bool isExceeded = measured.IsExhausted && measured.UsedBytes > LimitBytes;
        var state = isExceeded ? StorageLimitState.Exceeded : horizons.IsCutBySize ? StorageLimitState.Reached : StorageLimitState.Within;
        var (size, retained) = (horizons.Size, horizons.ByRetention);
        bool isCut = state != StorageLimitState.Within;
        DateTimeOffset? rows = isCut && size.Rows > DateTimeOffset.MinValue ? size.Rows : null;
        DateTimeOffset? minutes = isCut && size.Minutes > retained.Minutes ? size.Minutes : null;
        DateTimeOffset? hours = isCut && size.Hours > retained.Hours ? size.Hours : null;
        return new(state, Say(state, measured.UsedBytes, rows, minutes, hours), measured.UsedBytes, LimitBytes, rows, minutes, hours);
    }

    private string Say(StorageLimitState state, long? used, DateTimeOffset? rows, DateTimeOffset? minutes, DateTimeOffset? hours)
    {
        string limit = Format.Bytes(LimitBytes);
        return state switch
        {
            StorageLimitState.Within => used is { } bytes
                ? $"The database uses {Format.Bytes(bytes)} of {limit}."
                : $"The size of the database is unknown; its limit is {limit}.",
            StorageLimitState.Reached => $"The database has reached its limit of {limit}. {Deleted(rows, minutes, hours)} Raise MaxDatabaseMb to keep more.",
            _ => $"The database uses {Format.Bytes(used ?? 0)}, more than its limit of {limit}, and the remaining data is less than an hour old, or is needed for its statistics. Reports are still stored. "
                + "Raise MaxDatabaseMb, or report less.",
        };
    }

    /// <summary>Names what is deleted before which time; <see cref="DateTimeOffset.MinValue"/> and null leave a part out.</summary>
    public static string Describe(DateTimeOffset? rows, DateTimeOffset? minutes, DateTimeOffset? hours)
    {
        (string What, DateTimeOffset? Before)[] parts = [("operations and samples", rows), ("minute statistics", minutes), ("hour statistics", hours)];
        return string.Join(", ", parts.Where(part => part.Before > DateTimeOffset.MinValue)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.What} before {part.Before:yyyy-MM-dd HH:mm} UTC")));
    }

    private static string Deleted(DateTimeOffset? rows, DateTimeOffset? minutes, DateTimeOffset? hours)
    {
        string what = Describe(rows, minutes, hours);
        return char.ToUpperInvariant(what[0]) + what[1..] + (minutes is null && hours is null ? " were deleted early; their statistics are kept." : " were deleted early.");
    }
}
