using Microsoft.AspNetCore.Components;
using MudBlazor;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Remaining;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Views.Resources;

namespace PerfPortal.Server.Pages.Operations;

/// <summary>Shows all information about an operation, running or ended.</summary>
public sealed partial class OperationDetail
{
    private const int MaxOthers = 20;
    private const int MaxScanned = 20_000;
    private const int ChartPoints = 300;

    private static readonly TimeSpan RankWindow = TimeSpan.FromDays(7);
    private static readonly TimeSpan MinMargin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan InitialSlice = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxLookahead = TimeSpan.FromDays(1);
    private static readonly TimeSpan ContextRefreshInterval = TimeSpan.FromSeconds(5);

    // After this time, overlapping operations have ended or are running, and the margin after the end is sampled, except for the longest operations.
    private static readonly TimeSpan ContextFinalAfter = TimeSpan.FromHours(1);

    private IReadOnlyList<TableColumn<Operation>> _columns = [];
    private IReadOnlyList<TableColumn<Operation>> _childColumns = [];
    private bool _isId;
    private Shown? _shown;
    private (Guid Id, OperationStatus Status)? _contextKey;
    private long _surroundingsAt;
    private DurationRank? _rank;
    private Operation? _parent;
    private OperationTree? _tree;
    private IReadOnlyList<Operation> _children = [];
    private ChartData _lanesHost = OperationCharts.Empty;
    private DateTimeOffset _lanesEnd;
    private List<BreadcrumbItem> _crumbs = [];
    private IReadOnlyList<Operation> _others = [];
    private bool _isOthersKnown = true;
    private bool _isOthersCut;
    private string _host = "";
    private string? _hostNote;
    private ChartData _resources = OperationCharts.Empty;
    private ChartData _network = OperationCharts.Empty;

    [Inject]
    private IOperationReader Reader { get; set; } = default!;

    [Inject]
    private ActiveOperations Active { get; set; } = default!;

    [Inject]
    private EtaEstimator Etas { get; set; } = default!;

    [Inject]
    private StatisticsReader Figures { get; set; } = default!;

    [Inject]
    private ResourceHistory History { get; set; } = default!;

    [Inject]
    private RetentionHorizons Horizons { get; set; } = default!;

    [Inject]
    private OperationTreeReader Trees { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    [Inject]
    private Preferences Preferences { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    /// <summary>The operation's id.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>The request; <see langword="null"/> in a circuit.</summary>
    [CascadingParameter]
    private HttpContext? HttpContext { get; set; }

    private string RetentionText => Format.Duration(Time.GetUtcNow() - Horizons.OldestRow);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        (_columns, _childColumns) = (MakeColumns(), MakeChildColumns());
        Clock.Changed += Refresh;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Clock.Changed -= Refresh;
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (IsLoaded && _shown?.Operation.Id.ToString("D") != Id)
        {
            await ReloadAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _isId = Guid.TryParse(Id, out var id);
        var shown = _isId ? await FindAsync(id, cancellationToken) : null;
        if (shown is not null)
        {
            bool isKnown = _contextKey == (id, shown.Operation.Status)
                && (shown.Operation.EndTime < Time.GetUtcNow() - ContextFinalAfter || Time.GetElapsedTime(_surroundingsAt) < ContextRefreshInterval);
            if (!isKnown)
            {
                await ReadSurroundingsAsync(shown.Operation, cancellationToken);
                (_contextKey, _surroundingsAt) = ((id, shown.Operation.Status), Time.GetTimestamp());
            }
        }

        _shown = shown;
        _crumbs = [new("Operations", State.Href("/operations")), new(MiddleCut.Of(shown?.Operation.Name ?? Id), State.Href($"/operations/{Id}"), disabled: true)];
        if (shown is null)
        {
            MissingPages.AnswerNotFound(HttpContext);
        }
    }

    private async Task<Shown?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (Active.Find(id) is { } active)
        {
            var now = Time.GetUtcNow();
            return new(active.Current, active.RateAt(now), await Etas.EstimateAsync(active, cancellationToken), active.IsInProcess, active.StalledAt(now))
            {
                Held = Etas.Calibration.CoverageOf(active.Current.MetricType),
            };
        }

        return await Reader.FindAsync(id, cancellationToken) is { } ended ? new(ended, null, null, false, null) : null;
    }

    private async Task ReadSurroundingsAsync(Operation operation, CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        var end = operation.EndTime ?? now;
        await ReadRankAsync(operation, end, now, cancellationToken);
        _parent = Guid.TryParse(operation.ParentId, out var parent)
            ? Active.Find(parent)?.Current ?? await Reader.FindAsync(parent, cancellationToken)
            : null;
        await ReadOthersAsync(operation, end, cancellationToken);
        _tree = await Trees.ReadAsync(operation, cancellationToken);
        _parent ??= _tree?.ParentOf(operation);
        _children = _tree?.ChildrenOf(operation) ?? [];
        await ReadHostAsync(operation, end, now, cancellationToken);
        _lanesEnd = now;
        var (from, to) = OperationLanes.TimeOf(operation, _tree, now);
        var time = new TimeRange(from, to);
        _lanesHost = ResourceCharts.Draw(await History.ReadAsync(_host, time, ChartPoints, cancellationToken), time, [new(ResourceMetric.CpuPercent, "CPU"), new(ResourceMetric.MemoryPercent, "Memory")]);
    }

    private async Task ReadRankAsync(Operation operation, DateTimeOffset end, DateTimeOffset now, CancellationToken cancellationToken)
    {
        bool isRecent = end > now - RankWindow;
        var window = isRecent ? new TimeRange(now - RankWindow, now) : new TimeRange(end - (RankWindow / 2), end + (RankWindow / 2));
        var filter = new SeriesFilter
        {
            MetricType = operation.MetricType,
            Name = operation.Name,
            Source = operation.Source == PortalSource.Name ? PortalSource.Name : null,
        };
        var answer = await Figures.ReadAsync(new(window, filter), cancellationToken);
        _rank = answer.Groups.TryGetValue(default, out var all)
            ? DurationRank.Of(all.Durations, operation.RunningFor(end).TotalSeconds, isRecent ? "the last 7 days" : "the 7 days around it", operation.EndTime is null)
            : null;
    }

    /// <summary>
    /// Reads the overlapping operations of the same source, running and ended. An operation that ended later overlaps only if it took at least
    /// the time between both ends. Later slices are therefore searched only for longer operations.
    /// </summary>
    private async Task ReadOthersAsync(Operation operation, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var filter = new SeriesFilter { Source = operation.Source };
        var others = Active.List(filter).Select(active => active.Current).Where(other => other.Id != operation.Id && other.RunningSince() < end).ToList();
        var now = Time.GetUtcNow();
        var slice = new TimeRange(operation.RunningSince(), end + InitialSlice);
        var min = TimeSpan.Zero;
        while (others.Count <= MaxOthers && slice.From < now && min < MaxLookahead)
        {
            int scanned = 0;
            await Reader.ScanAsync(
                slice, new() { Series = filter, MinDuration = min > TimeSpan.Zero ? min : null },
                other =>
                {
                    if (other.Id != operation.Id && other.RunningSince() < end)
                    {
                        others.Add(other);
                    }

                    return ++scanned < MaxScanned && others.Count <= MaxOthers;
                },
                cancellationToken);
            min = slice.To - end;
            slice = new(slice.To, end + (min * 2));
        }

        _isOthersKnown = end >= Horizons.OldestComplete(operation.MetricType);
        _isOthersCut = others.Count > MaxOthers;
        _others = [.. others.Take(MaxOthers).OrderBy(other => other.RunningSince()).ThenBy(other => other.Id)];
    }

    private async Task ReadHostAsync(Operation operation, DateTimeOffset end, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var latest = await History.ReadLatestAsync(cancellationToken: cancellationToken);
        bool isOwn = latest.Any(sample => sample.Source == operation.Source);
        _host = isOwn ? operation.Source : HostSource.Name;
        _hostNote = isOwn
            ? $"{_host}, the source of this operation, including 10 % of its duration before and after."
            : $"{operation.Source} reports no samples. Showing the portal's host, {_host}, which may not be where the operation ran.";
        var margin = operation.RunningFor(end) / 10;
        margin = margin < MinMargin ? MinMargin : margin;
        var to = end + margin < now ? end + margin : now;
        var range = new TimeRange(operation.RunningSince() - margin, to);
        var answer = await History.ReadAsync(_host, range, ChartPoints, cancellationToken);
        _resources = ResourceCharts.Draw(answer, range, [new(ResourceMetric.CpuPercent, "CPU"), new(ResourceMetric.MemoryPercent, "Memory"), new(ResourceMetric.GpuUtilizationPercent, "GPU")]);
        _network = ResourceCharts.Draw(answer, range, [new(ResourceMetric.NetworkRxBytesPerSecond, "Received"), new(ResourceMetric.NetworkTxBytesPerSecond, "Sent")]);
    }

    private string Href(Operation operation) => State.Href($"/operations/{operation.Id:D}");

    private void Refresh() => _ = InvokeAsync(StateHasChanged);

    private async Task CopyLinkAsync()
    {
        bool isCopied = await Preferences.CopyAsync(State.Link);
        Snackbar.Add(isCopied ? "Link copied." : $"The browser does not allow copying. The link is {State.Link}", isCopied ? Severity.Success : Severity.Warning);
    }

    private string ChildrenText()
    {
        int failed = _children.Count(child => child.Status == OperationStatus.Failed);
        int running = _children.Count(child => child.EndTime is null);
        return OperationNouns.Many(_children.Count, null) + (failed > 0 ? $", {failed} failed" : "") + (running > 0 ? $", {running} running" : "");
    }

    private string OthersText() => _isOthersCut
        ? $"from {_shown!.Operation.Source}; showing {MaxOthers} of more than {MaxOthers}"
        : $"from {_shown!.Operation.Source}";

    private static string? ProgressOf(Progress? progress, RateEstimate? rate) =>
        ProgressText.Text(progress) is { } text && rate is { } speed ? $"{text} · {ProgressText.Rate(speed.PerSecond, progress?.Unit)}" : ProgressText.Text(progress);

    private sealed record Shown(Operation Operation, RateEstimate? Rate, Eta? Eta, bool IsInProcess, TimeSpan? Stalled)
    {
        public EtaCoverage? Held { get; init; }
    }
}
