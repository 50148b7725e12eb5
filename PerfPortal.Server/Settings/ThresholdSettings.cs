using System.Text.Json;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Settings;

/// <summary>The thresholds in force and the version that an edit must name.</summary>
/// <param name="Thresholds">The thresholds.</param>
/// <param name="Version">How often they were edited in the portal; 0 means that they come from the configuration.</param>
/// <param name="ChangedAt">When they were edited last.</param>
/// <param name="ChangedBy">By whom.</param>
internal sealed record ThresholdState(PerformanceThresholds Thresholds, long Version, DateTimeOffset? ChangedAt, string? ChangedBy);

/// <summary>
/// The thresholds: the configuration's, with what an admin edited in the portal laid over them. A change is in force at the next analysis.
/// </summary>
internal sealed class ThresholdSettings(EfSettingStore store, PortalOptions options)
{
    private const string Key = "thresholds";

    private readonly Lock _lock = new();
    private ThresholdState? _state;

    /// <summary>The thresholds as last read; the configuration's before the database was read.</summary>
    public PerformanceThresholds Current => Volatile.Read(ref _state)?.Thresholds ?? options.PerformanceThresholds;

    /// <summary>The thresholds that the configuration says.</summary>
    public PerformanceThresholds Configured => options.PerformanceThresholds;

    /// <summary>Reads the thresholds in force.</summary>
    public async Task<ThresholdState> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(Key, cancellationToken).ConfigureAwait(false);
        var state = stored is null
            ? new ThresholdState(options.PerformanceThresholds, 0, null, null)
            : new(Parse(stored.Value), stored.Version, stored.ChangedAt, stored.ChangedBy);
        Remember(state);
        return state;
    }

    /// <summary>Puts thresholds in force, if the version is still this one.</summary>
    /// <returns>The new state, or <see langword="null"/> when somebody else was faster: nothing was changed.</returns>
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

    /// <summary>Who changed what when, newest first.</summary>
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
                    [.. ThresholdCatalog.All.Where(info => !info.Get(before).Equals(info.Get(after))).Select(info => new ThresholdDifference(info.WireName, info.Get(before), info.Get(after)))]);
            }),
        ];
    }

    // A reading that was overtaken by a newer edit must not bring the old thresholds back.
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

    /// <summary>A stored document may be older than a threshold or hold one that is gone: those keep what the configuration says.</summary>
    private PerformanceThresholds Parse(string document)
    {
        using var json = JsonDocument.Parse(document);
        return ThresholdDocument.Apply(options.PerformanceThresholds, json.RootElement).Thresholds ?? options.PerformanceThresholds;
    }
}

/// <summary>A change of thresholds.</summary>
/// <param name="Version">The version that it made.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="ChangedBy">By whom.</param>
/// <param name="Differences">What it changed.</param>
internal sealed record ThresholdChange(long Version, DateTimeOffset ChangedAt, string ChangedBy, IReadOnlyList<ThresholdDifference> Differences);

/// <summary>A threshold that a change changed.</summary>
/// <param name="Name">Its wire name.</param>
/// <param name="Before">The value before.</param>
/// <param name="After">The value after.</param>
internal sealed record ThresholdDifference(string Name, double Before, double After);
