using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Remaining;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Tracking.Remaining;

public sealed class EtaTrackingTests : IAsyncDisposable
{
    private readonly TrackingBench _bench = new();
    private readonly EtaEstimator _estimator;
    private readonly EtaTracking _tracking;

    public EtaTrackingTests()
    {
        _estimator = new(new(_bench.Store, _bench.Journal.Rollups, _bench.Horizons), _bench.Time);
        _tracking = new(_bench.Active, _estimator, _bench.Time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task How_often_P90_held_is_known_after_twenty_operations_and_only_success_counts()
    {
        for (int i = 0; i < 20; i++)
        {
            await DownloadAsync(30, OperationStatus.Succeeded);
            await DownloadAsync(10, OperationStatus.Failed);
        }

        var coverage = _estimator.Calibration.CoverageOf(MetricType.DownloadOperation)!;
        Assert.Equal((20, 20), (coverage.Held, coverage.Count));
    }

    [Fact]
    public async Task A_download_that_trickles_compared_with_others_of_its_name_is_stalled()
    {
        for (int i = 0; i < UsualPace.MinimumCount; i++)
        {
            await DownloadAsync(30, OperationStatus.Succeeded);
        }

        var operation = TrackingBench.Running(type: MetricType.DownloadOperation, startedAfter: Elapsed);
        await _bench.Reports.StartAsync(operation, Token);
        for (int second = 0; second <= 60; second++)
        {
            await _bench.Reports.UpdateAsync(operation.Id, new(second <= 20 ? second * 100 : 2_000 + (second - 20), 30_000, "bytes"), [], Token);
            await _tracking.ObserveAsync(Token);
            _bench.Advance(1);
        }

        var entry = _bench.Active.Find(operation.Id)!;
        Assert.Equal(41, entry.StalledAt(_bench.Time.GetUtcNow())!.Value.TotalSeconds, 0.01);
        Assert.Null(await _estimator.EstimateAsync(entry, Token));
        await _bench.Reports.UpdateAsync(operation.Id, new(2_400, 30_000, "bytes"), [], Token);
        Assert.Null(entry.StalledAt(_bench.Time.GetUtcNow()));
    }

    [Fact]
    public async Task The_rhythm_of_a_name_tells_a_stall_before_the_first_advance()
    {
        for (int i = 0; i < UsualPace.MinimumCount; i++)
        {
            await DownloadAsync(30, OperationStatus.Succeeded);
        }

        var operation = TrackingBench.Running(type: MetricType.DownloadOperation, startedAfter: Elapsed);
        await _bench.Reports.StartAsync(operation, Token);
        await _bench.Reports.UpdateAsync(operation.Id, new(0, 30_000, "bytes"), [], Token);
        _bench.Advance(3);
        await _tracking.ObserveAsync(Token);
        Assert.Null(_bench.Active.Find(operation.Id)!.StalledAt(_bench.Time.GetUtcNow()));
        _bench.Advance(7);
        Assert.Equal(10, _bench.Active.Find(operation.Id)!.StalledAt(_bench.Time.GetUtcNow())!.Value.TotalSeconds);
    }

    [Fact]
    public async Task An_operation_of_this_process_is_told_what_is_usual_for_its_name()
    {
        var scope = _bench.Tracker.Start(MetricType.DownloadOperation, "own");
        _bench.Active.Find(scope.Id)!.Expect(new("bytes", Math.Log(1_000), 0.1, 1, 9));
        scope.Report(0, 1e6, "bytes");
        for (int second = 1; second <= 20; second++)
        {
            _bench.Advance(1);
            scope.Report(second, 1e6, "bytes");
        }

        Assert.Equal(20, _bench.Active.Find(scope.Id)!.StalledAt(_bench.Time.GetUtcNow())!.Value.TotalSeconds, 0.01);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private double Elapsed => (_bench.Time.GetUtcNow() - MemoryJournal.Start).TotalSeconds;

    /// <summary>100 bytes a second.</summary>
    private async Task DownloadAsync(int seconds, OperationStatus status)
    {
        var operation = TrackingBench.Running(type: MetricType.DownloadOperation, startedAfter: Elapsed);
        await _bench.Reports.StartAsync(operation, Token);
        for (int second = 0; second < seconds; second++)
        {
            await _bench.Reports.UpdateAsync(operation.Id, new(second * 100, seconds * 100, "bytes"), [], Token);
            await _tracking.ObserveAsync(Token);
            _bench.Advance(1);
        }

        await _bench.Reports.CompleteAsync(operation.Id, TrackingBench.As(status), Token);
        _tracking.OnCommitted(new([_bench.Store.Ended[operation.Id]], [], []));
    }
}
