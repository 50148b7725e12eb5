using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Tests.Analysis;
using Xunit;

namespace PerfPortal.Tests.Views.Findings;

/// <summary>What is recomputed, and when.</summary>
public sealed class AnalysisCacheTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-tests", Guid.NewGuid().ToString("N"));
    private readonly FakeTimeProvider _time = new(Days.Now);
    private readonly MemoryOperations _operations = new();
    private readonly ActiveOperations _active = new();
    private readonly HeavyReads _heavy = new();
    private LiveFeed _feed = null!;
    private ThresholdSettings _thresholds = null!;
    private RecommendationLedger _ledger = null!;
    private AnalysisService _analysis = null!;
    private DashboardCache _dashboard = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var database = new SqliteDatabase(Path.Combine(_folder, "portal.db"), new NameDirectory(), TimeProvider.System);
        await database.MigrateAsync(Token);
        var options = new PortalOptions();
        var resources = new MemoryResources();
        var statistics = _operations.Statistics(_time);
        _feed = new(_active, _time, NullLogger<LiveFeed>.Instance);
        _thresholds = new(new EfSettingStore(database, _time), options);
        _ledger = new(new EfRecommendationStore(database), _time);
        var sources = new KnownSources(_operations, resources, _active, _feed, _time);
        _analysis = new(
            new PerformanceAnalyzer(statistics, _operations, new(_operations, _time), resources, _time), _ledger, _thresholds, _feed, sources, new PerformanceTracker(_active, null, _time), _time);
        var findings = new FindingLedger(new EfFindingStore(database));
        _dashboard = new(_analysis, new RecommendationReader(_ledger, new(statistics), _time), new FindingReader(findings, new(statistics), _time), new IncidentReader(findings), _thresholds, statistics, new ResourceHistory(resources, Days.Horizons(_time)), _active, _feed, sources, _heavy, options, _time);
    }

    public ValueTask DisposeAsync()
    {
        _dashboard.Dispose();
        _heavy.Dispose();
        _analysis.Dispose();
        _ledger.Dispose();
        _feed.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_analysis_is_kept_while_nothing_changes_and_for_half_a_second_though_something_does()
    {
        var first = await _analysis.GetAsync(null, Token);
        End();
        Assert.Same(first, await _analysis.GetAsync(null, Token));
        Assert.NotSame(first, await _analysis.GetAsync("host-a", Token));
        _time.Advance(TimeSpan.FromMilliseconds(600));
        var second = await _analysis.GetAsync(null, Token);
        Assert.Equal((0, 1), (first.Summary.Count, second.Summary.Count));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Same(second, await _analysis.GetAsync(null, Token));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotSame(second, await _analysis.GetAsync(null, Token));
    }

    [Fact]
    public async Task Reading_unchanged_thresholds_spoils_nothing_and_changed_ones_count_at_once()
    {
        await _thresholds.WriteAsync(0, _thresholds.Current with { LowDiskGb = 8 }, "ada", Token);
        var first = await _analysis.GetAsync(null, Token);
        await _thresholds.ReadAsync(Token);
        Assert.Same(first, await _analysis.GetAsync(null, Token));
        await _thresholds.WriteAsync(1, _thresholds.Current with { LowDiskGb = 9 }, "ada", Token);
        Assert.NotSame(first, await _analysis.GetAsync(null, Token));
    }

    [Fact]
    public async Task A_dashboard_made_of_an_older_analysis_does_not_stay()
    {
        await _analysis.GetAsync(null, Token);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        End();
        var early = await _dashboard.GetAsync(null, Token);
        Assert.Same(early, await _dashboard.GetAsync(null, Token));
        _time.Advance(TimeSpan.FromMilliseconds(600));
        var later = await _dashboard.GetAsync(null, Token);
        Assert.NotEqual(early.ETag, later.ETag);
        _time.Advance(TimeSpan.FromSeconds(200));
        Assert.Same(later, await _dashboard.GetAsync(null, Token));
    }

    [Fact]
    public async Task A_dashboard_that_says_the_same_keeps_its_tag_and_goes_stale_at_last()
    {
        var first = await _dashboard.GetAsync(null, Token);
        _time.Advance(TimeSpan.FromSeconds(301));
        var second = await _dashboard.GetAsync(null, Token);
        Assert.NotSame(first, second);
        Assert.Equal(first.ETag, second.ETag);
    }

    private void End()
    {
        var operation = Days.Ended(30, 1);
        _operations.Ended.Add(operation);
        _feed.OnCommitted(new([operation], [], []));
    }
}
