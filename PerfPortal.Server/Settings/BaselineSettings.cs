using System.Text.Json;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Settings;

/// <summary>A range that benchmarks are compared with until it is unpinned.</summary>
/// <param name="From">The start, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="Name">The display name, at most <see cref="BaselineSettings.NameCharacters"/> characters.</param>
internal sealed record PinnedBaseline(DateTimeOffset From, DateTimeOffset To, string Name)
{
    /// <summary>Returns the range.</summary>
    public TimeRange Range() => new(From, To);
}

/// <summary>The pinned baseline and the version that an update must specify.</summary>
/// <param name="Pinned">The baseline, or <see langword="null"/> when none is pinned.</param>
/// <param name="Version">The number of changes; 0 when no baseline was ever pinned.</param>
/// <param name="ChangedAt">The time of the last change.</param>
/// <param name="ChangedBy">The user who made the last change.</param>
internal sealed record BaselineState(PinnedBaseline? Pinned, long Version, DateTimeOffset? ChangedAt, string? ChangedBy);

/// <summary>Stores the pinned baseline of benchmarks. Of two concurrent updates of the same version, the second is rejected.</summary>
internal sealed class BaselineSettings(EfSettingStore store)
{
    /// <summary>The maximum length of a name; longer names are truncated.</summary>
    public const int NameCharacters = 200;

    private const string Key = "benchmark_baseline";
    private const string Nothing = "null";

    /// <summary>Reads the pinned baseline.</summary>
    public async Task<BaselineState> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(Key, cancellationToken).ConfigureAwait(false);
        return stored is null ? new(null, 0, null, null) : State(stored);
    }

    /// <summary>Pins a range if the stored version is still <paramref name="version"/>.</summary>
    /// <param name="version">The expected version.</param>
    /// <param name="range">The range.</param>
    /// <param name="name">The display name.</param>
    /// <param name="by">The user who pins the range.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The new state, or <see langword="null"/> when the version does not match; nothing is changed in that case.</returns>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public Task<BaselineState?> PinAsync(long version, TimeRange range, string name, string by, CancellationToken cancellationToken)
    {
        if (range.Length <= TimeSpan.Zero)
        {
            throw new ArgumentException("The range of a baseline must not be empty.", nameof(range));
        }

        string cut = name.Length > NameCharacters ? name[..NameCharacters] : name;
        return WriteAsync(version, JsonSerializer.Serialize(new PinnedBaseline(range.From, range.To, cut), WireJson.Options), by, cancellationToken);
    }

    /// <summary>Unpins the range. Parameters and result as for <see cref="PinAsync"/>.</summary>
    public Task<BaselineState?> UnpinAsync(long version, string by, CancellationToken cancellationToken) => WriteAsync(version, Nothing, by, cancellationToken);

    private static BaselineState State(StoredSetting stored) => new(
        JsonSerializer.Deserialize<PinnedBaseline?>(stored.Value, WireJson.Options), stored.Version, stored.ChangedAt, stored.ChangedBy);

    private async Task<BaselineState?> WriteAsync(long version, string document, string by, CancellationToken cancellationToken) =>
        await store.WriteAsync(Key, version, document, by, cancellationToken).ConfigureAwait(false) is { } stored ? State(stored) : null;
}
