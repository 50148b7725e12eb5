using System.Text.Json;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Settings;

/// <summary>A range that benchmarks are compared with until somebody takes it away.</summary>
/// <param name="From">The first moment.</param>
/// <param name="To">The moment behind the last.</param>
/// <param name="Name">What people call it, at most <see cref="BaselineSettings.NameCharacters"/> characters.</param>
internal sealed record PinnedBaseline(DateTimeOffset From, DateTimeOffset To, string Name)
{
    /// <summary>The range.</summary>
    public TimeRange Range() => new(From, To);
}

/// <summary>The pinned baseline and the version that a change must name.</summary>
/// <param name="Pinned">The baseline, or <see langword="null"/> when none is pinned.</param>
/// <param name="Version">How often it was changed; 0 when nobody ever pinned one.</param>
/// <param name="ChangedAt">When it was changed last.</param>
/// <param name="ChangedBy">By whom.</param>
internal sealed record BaselineState(PinnedBaseline? Pinned, long Version, DateTimeOffset? ChangedAt, string? ChangedBy);

/// <summary>Keeps the pinned baseline of benchmarks. Of two who change the same version, one is told and nothing of theirs is kept.</summary>
internal sealed class BaselineSettings(EfSettingStore store)
{
    /// <summary>The most characters of a name; longer ones are cut.</summary>
    public const int NameCharacters = 200;

    private const string Key = "benchmark_baseline";
    private const string Nothing = "null";

    /// <summary>Reads the pinned baseline.</summary>
    public async Task<BaselineState> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(Key, cancellationToken).ConfigureAwait(false);
        return stored is null ? new(null, 0, null, null) : State(stored);
    }

    /// <summary>Pins a range, if the version is still this one.</summary>
    /// <param name="version">The version that was read.</param>
    /// <param name="range">The range.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="by">Who pins it.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>The new state, or <see langword="null"/> when somebody else was faster: nothing was changed.</returns>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public Task<BaselineState?> PinAsync(long version, TimeRange range, string name, string by, CancellationToken cancellationToken)
    {
        if (range.Length <= TimeSpan.Zero)
        {
            throw new ArgumentException("A baseline needs a range that is not empty.", nameof(range));
        }

        string cut = name.Length > NameCharacters ? name[..NameCharacters] : name;
        return WriteAsync(version, JsonSerializer.Serialize(new PinnedBaseline(range.From, range.To, cut), WireJson.Options), by, cancellationToken);
    }

    /// <summary>Takes the pinned range away. Parameters and result as for <see cref="PinAsync"/>.</summary>
    public Task<BaselineState?> UnpinAsync(long version, string by, CancellationToken cancellationToken) => WriteAsync(version, Nothing, by, cancellationToken);

    private static BaselineState State(StoredSetting stored) => new(
        JsonSerializer.Deserialize<PinnedBaseline?>(stored.Value, WireJson.Options), stored.Version, stored.ChangedAt, stored.ChangedBy);

    private async Task<BaselineState?> WriteAsync(long version, string document, string by, CancellationToken cancellationToken) =>
        await store.WriteAsync(Key, version, document, by, cancellationToken).ConfigureAwait(false) is { } stored ? State(stored) : null;
}
