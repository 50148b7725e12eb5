using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Transfers;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>Reports a run as an operation: its progress in bytes, and in the end its facts.</summary>
internal sealed class DownloadReport(OperationScope scope, RunFigures figures, string url, bool isRepair, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>The advice that the run follows, once known.</summary>
    public TransferAdvice? Advice { get; set; }

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Reports the progress.</summary>
    public void Progress()
    {
        figures.Speed.Mark(figures.Received);
        scope.Report(figures.Done, figures.Total, "B");
    }

    /// <summary>Ends the operation.</summary>
    /// <param name="failure">Why it failed; <see langword="null"/> when it succeeded.</param>
    public void End(DownloadException? failure)
    {
        Progress();
        SetFacts(failure);
        switch (failure)
        {
            case null:
                scope.Complete();
                break;
            case { Category: DownloadErrorCategory.Cancelled }:
                scope.Cancel();
                break;
            default:
                scope.Fail(failure.Category.WireName(), failure.Message);
                break;
        }
    }

    private void SetFacts(DownloadException? failure)
    {
        scope.Set("url", url);
        scope.Set("bytes_downloaded", figures.Useful);
        scope.Set("retry_count", figures.Retries.Count);
        if (figures.Total is { } total)
        {
            scope.Set("bytes_total", total);
        }

        // A speed of nothing says nothing about the server.
        if (!isRepair && figures.Useful > 0 && Elapsed > TimeSpan.Zero)
        {
            scope.Set("download_speed_bytes_per_second", figures.Useful / Elapsed.TotalSeconds);
        }

        if (isRepair)
        {
            scope.Set(AdviceFacts.Repair, true);
        }

        if (failure is null || failure.Category == DownloadErrorCategory.Integrity)
        {
            scope.Set("integrity_verified", failure is null && figures.IsVerified);
        }

        if (failure is not null)
        {
            scope.Set("error_category", failure.Category.WireName());
        }

        scope.Set(AdviceFacts.BytesWasted, figures.Wasted);
        if (Advice is not null)
        {
            scope.Set(AdviceFacts.Arm, Advice.Arm);
        }

        if (Advice is not null && figures.Slots is { Most: > 0 and var peak } && figures.FilesLoaded is > 0 and var files)
        {
            var (connections, concurrency) = figures.LevelsOf(Advice);
            scope.Set(AdviceFacts.Connections, connections);
            scope.Set(AdviceFacts.ConnectionsPeak, peak);
            scope.Set(AdviceFacts.Concurrency, concurrency);
            scope.Set(AdviceFacts.Files, files);
        }

        // Without an answer, nothing says how long a server may be silent.
        if (figures.LongestStall is var stall && stall > TimeSpan.Zero)
        {
            scope.Set(AdviceFacts.LongestStall, Math.Round(stall.TotalSeconds, 6));
        }

        if (figures.Retries.Text() is { } retries)
        {
            scope.Set(AdviceFacts.Retries, retries);
        }
    }
}
