using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Sampling;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Pages.Admin;

/// <summary>What is kept, how much of it, and how those that write it fare.</summary>
public sealed partial class Storage
{
    private const double BytesPerMb = 1 << 20;

    private Caller _caller = Caller.Unknown;
    private JournalStatus? _journal;
    private SamplerStatus? _sampler;
    private BlockFigures? _blocks;
    private long _size;

    [Inject]
    private IPortalDatabase Portal { get; set; } = default!;

    [Inject]
    private OperationJournal Journal { get; set; } = default!;

    [Inject]
    private ResourceSampler HostSampler { get; set; } = default!;

    [Inject]
    private PerformanceTracker Tracker { get; set; } = default!;

    [Inject]
    private RetentionHorizons Horizons { get; set; } = default!;

    [Inject]
    private PortalOptions Options { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _caller = await Caller.OfAsync(Authentication);
        if (!_caller.IsAdmin)
        {
            return;
        }

        (_journal, _sampler) = (Journal.Status, HostSampler.Status);
        _blocks = Portal.ReadBlockFigures();
        _size = await Portal.ReadSizeAsync(cancellationToken);
    }

    private (string, string)[] Database() =>
    [
        ("Kind", Portal.Name),
        ("Size", Format.Bytes(_size)),
        ("Bound", Options.MaxDatabaseMb is var bound && bound > 0 ? $"{Format.Bytes(bound * BytesPerMb)} ({Format.Ratio(_size / (bound * BytesPerMb))} in use)" : "none"),
        .. _blocks is null ? [] : BlockFacts(_blocks),
    ];

    private static (string, string)[] BlockFacts(BlockFigures blocks) =>
    [
        ("Operations kept", Format.Count(blocks.Operations)),
        ("Blocks as committed", Format.Count(blocks.Fresh)),
        ("Blocks packed", Format.Count(blocks.Packed)),
        ("Blocks thinned", Format.Count(blocks.Thinned)),
        ("Blocks damaged", blocks.Damaged == 0 ? "none" : $"{Format.Count(blocks.Damaged)}: their operations cannot be read, their figures can"),
        ("Ids held to recognise resends", Format.Count(blocks.RecentIds)),
    ];

    private (string, string)[] Retention() =>
    [
        .. MetricTypes.All.Select(type => (type.WireName(), Kept(Horizons.Policy.RowHours(type), Horizons.Oldest(type)))),
        ("Samples", Kept(Horizons.Policy.SampleHours, Horizons.OldestSample)),
        ("Figures per minute", Kept(Horizons.Policy.MinuteRollupHours, Horizons.OldestMinute)),
        ("Figures per hour", Kept(Horizons.Policy.HourRollupHours, Horizons.OldestHour)),
    ];

    private (string, string)[] SamplerFacts() =>
    [
        ("Last sample", _sampler!.LastSampleAt is { } last ? Clock.Format(last) : "none yet"),
        ("Samples since the start", Format.Count(_sampler.Rounds)),
        ("Cost of a sample", Format.Seconds(_sampler.MeanCostMicroseconds / 1e6)),
        ("Interval", Format.Duration(_sampler.Interval)),
        ("Watchers", Format.Count(_sampler.Watchers)),
        ("Failures in a row", Format.Count(_sampler.ConsecutiveFailures)),
    ];

    private string Kept(int hours, DateTimeOffset oldest) => $"{Format.Duration(TimeSpan.FromHours(hours))}, since {Clock.Format(oldest, TimePrecision.Minute)}";
}
