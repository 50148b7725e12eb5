using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Sampling;
using PerfPortal.Domain.Text;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Pages.Admin;

/// <summary>Shows the stored data, its size and retention, and the state of the components that write it.</summary>
public sealed partial class Storage
{
    private CurrentUser _caller = CurrentUser.Unknown;
    private SamplerStatus? _sampler;
    private BlockFigures? _blocks;
    private long _size;
    private long? _used;

    [SupplyParameterFromQuery(Name = "q")]
    private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Page { get; set; }

    [Inject]
    private IPortalDatabase Portal { get; set; } = default!;

    [Inject]
    private ResourceSampler HostSampler { get; set; } = default!;

    [Inject]
    private PerformanceTracker Tracker { get; set; } = default!;

    [Inject]
    private RetentionHorizons Horizons { get; set; } = default!;

    [Inject]
    private StorageLimit Limit { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _caller = await CurrentUser.OfAsync(Authentication);
        if (!_caller.IsAdmin)
        {
            return;
        }

        _sampler = HostSampler.Status;
        _blocks = Portal.ReadBlockFigures();
        _size = await Portal.ReadSizeAsync(cancellationToken);
        _used = await Portal.ReadUsedBytesAsync(cancellationToken);
    }

    private (string, string)[] Database() =>
    [
        ("Type", Portal.Name),
        ("Size on disk", Format.Bytes(_size)),
        ("Data", _used is { } used ? $"{Format.Bytes(used)} ({Format.Ratio((double)used / Limit.LimitBytes)} of the limit)" : "Unknown"),
        ("Size limit", Format.Bytes(Limit.LimitBytes)),
        .. _blocks is null ? [] : BlockFacts(_blocks),
    ];

    private static (string, string)[] BlockFacts(BlockFigures blocks) =>
    [
        ("Stored operations", Format.Count(blocks.Operations)),
        ("Uncompacted blocks", Format.Count(blocks.Fresh)),
        ("Compacted blocks", Format.Count(blocks.Packed)),
        ("Thinned blocks", Format.Count(blocks.Thinned)),
        ("Corrupt blocks", blocks.Damaged == 0 ? "None" : $"{Format.Count(blocks.Damaged)}: their operations cannot be read, their statistics can"),
        ("Cached ids for duplicate detection", Format.Count(blocks.RecentIds)),
    ];

    private (string, string)[] Retention() =>
    [
        .. MetricTypes.All.Select(type => (type.Plural(), Kept(Horizons.Policy.RowHours(type), Horizons.Oldest(type)))),
        ("Samples", Kept(Horizons.Policy.SampleHours, Horizons.OldestSample)),
        ("Minute statistics", Kept(Horizons.Policy.MinuteRollupHours, Horizons.OldestMinute)),
        ("Hour statistics", Kept(Horizons.Policy.HourRollupHours, Horizons.OldestHour)),
    ];

    private (string, string)[] SamplerFacts() =>
    [
        ("Last sample", _sampler!.LastSampleAt is { } last ? Clock.Format(last) : "None yet"),
        ("Samples since start", Format.Count(_sampler.Rounds)),
        ("Sampling duration, mean", Format.Seconds(_sampler.MeanCostMicroseconds / 1e6)),
        ("Interval", Format.Duration(_sampler.Interval)),
        ("Live viewers", Format.Count(_sampler.Watchers)),
        ("Consecutive failures", Format.Count(_sampler.ConsecutiveFailures)),
    ];

    private string Kept(int hours, DateTimeOffset oldest) => $"{Format.Duration(TimeSpan.FromHours(hours))}, since {Clock.Format(oldest, TimePrecision.Minute)}";
}
