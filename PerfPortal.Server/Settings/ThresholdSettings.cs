using System.Text.Json;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Settings;

/// <summary>The thresholds in effect and the version that an update must specify.</summary>
/// <param name="Thresholds">The thresholds.</param>
/// <param name="Version">The number of edits in the portal; 0 means that the configuration applies unchanged.</param>
/// <param name="ChangedAt">The time of the last edit.</param>
/// <param name="ChangedBy">The user who made the change.</param>
internal sealed record ThresholdState(PerformanceThresholds Thresholds, long Version, DateTimeOffset? ChangedAt, string? ChangedBy);

/// <summary>
/// The thresholds of the configuration, overridden by an admin's edits in the portal. A change takes effect at the next analysis.
/// </summary>
internal sealed class ThresholdSettings(EfSettingStore store, PortalOptions options)
{
    private const string Key = "thresholds";

    // Far more edits than anyone makes; a moment before the oldest of them gets its predecessor.
    private const int MaxHistory = 10_000;

    private readonly Lock _lock = new();
    private ThresholdState? _state;

    /// <summary>The thresholds as last read; the configured ones until the database is read.</summary>
    public PerformanceThresholds Current => Volatile.Read(ref _state)?.Thresholds ?? options.PerformanceThresholds;

    /// <summary>How often the thresholds were edited, as last read; 0 before the first edit.</summary>
    public long Version => Volatile.Read(ref _state)?.Version ?? 0;

    /// <summary>The thresholds of the configuration.</summary>
    public PerformanceThresholds Configured => options.PerformanceThresholds;

    /// <summary>Reads the thresholds in effect.</summary>
    public async Task<ThresholdState> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(Key, cancellationToken).ConfigureAwait(false);
        var state = stored is null
            ? new ThresholdState(options.PerformanceThresholds, 0, null, null)
            : new(Parse(stored.Value), stored.Version, stored.ChangedAt, stored.ChangedBy);
        Remember(state);
        return state;
    }

    /// <summary>Updates the thresholds if the stored version is still <paramref name="version"/>.</summary>
    /// <returns>The new state, or <see langword="null"/> when the version does not match; nothing is changed in that case.</returns>
    public async Task<ThresholdState?> WriteAsync(long version, PerformanceThresholds thresholds, string by, CancellationToken cancellationToken)
    {
        string document = JsonSerializer.Serialize(ThresholdDocument.Write(thresholds));
        var stored = await store.WriteAsync(Key, version, document, by, cancellationToken).ConfigureAwait(false);
        if (stored is null)
        {
            return null;
        }

        var state = new ThresholdState(thresholds, stored.Version, stored.ChangedAt, stored.ChangedBy);
        Remember(state);
        return state;
    }

    /// <summary>Reads the change history, newest first.</summary>
    public async Task<IReadOnlyList<ThresholdChange>> ReadHistoryAsync(int limit, CancellationToken cancellationToken)
    {
        var changes = await store.ReadHistoryAsync(Key, limit, cancellationToken).ConfigureAwait(false);
        return
        [
            .. changes.Select(change =>
            {
                var before = change.OldValue is null ? options.PerformanceThresholds : Parse(change.OldValue);
                var after = Parse(change.NewValue);
                return new ThresholdChange(
                    change.Version, change.ChangedAt, change.ChangedBy,
                    [.. ThresholdDocument.Differences(before, after).Select(item => new ThresholdDifference(item.WireName, item.Before, item.After))]);
            }),
        ];
    }

    /// <summary>Reads the thresholds that were in effect at a moment. Before the first edit they are those of the present configuration: an earlier one is not kept.</summary>
    public async Task<ThresholdState> ReadAsOfAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (state.ChangedAt is null || state.ChangedAt <= at)
        {
            return state;
        }

        var changes = await store.ReadHistoryAsync(Key, MaxHistory, cancellationToken).ConfigureAwait(false);
        var next = changes.LastOrDefault(change => change.ChangedAt > at);
        return next?.OldValue is null ? new(options.PerformanceThresholds, 0, null, null) : new(Parse(next.OldValue), next.Version - 1, null, null);
    }

    // A read that completes after a newer edit must not restore the old thresholds.
    private void Remember(ThresholdState state)
    {
        lock (_lock)
        {
            if (state.Version >= (_state?.Version ?? 0))
            {
                Volatile.Write(ref _state, state);
            }
        }
    }

    /// <summary>A stored document may lack a newer threshold or contain a removed one; a missing threshold keeps its configured value.</summary>
    private PerformanceThresholds Parse(string document)
    {
        using var json = JsonDocument.Parse(document);
        return ThresholdDocument.Apply(options.PerformanceThresholds, json.RootElement).Thresholds ?? options.PerformanceThresholds;
    }
}

/// <summary>A change of thresholds.</summary>
/// <param name="Version">The version that the change created.</param>
/// <param name="ChangedAt">The time of the change.</param>
/// <param name="ChangedBy">The user who made the change.</param>
/// <param name="Differences">The changed thresholds.</param>
internal sealed record ThresholdChange(long Version, DateTimeOffset ChangedAt, string ChangedBy, IReadOnlyList<ThresholdDifference> Differences);

/// <summary>The old and the new value of a threshold.</summary>
/// <param name="Name">The wire name.</param>
/// <param name="Before">The old value.</param>
/// <param name="After">The new value.</param>
internal sealed record ThresholdDifference(string Name, double Before, double After);
