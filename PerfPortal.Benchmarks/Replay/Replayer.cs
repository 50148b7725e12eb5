using PerfPortal.Benchmarks.Replay.Traces;

namespace PerfPortal.Benchmarks.Replay;

/// <summary>
/// Reads traces and reports them, one batch at a time. Every file is first read through without sending, so that a broken
/// one is found before anything is sent, the total is known, and with it the newest end. Memory holds one batch, whatever the files' size.
/// </summary>
internal sealed class Replayer
{
    private readonly ReplayOptions _options;
    private readonly TraceSender _portal;
    private readonly TimeProvider _time;
    private readonly IReplayProgress _progress;
    private readonly List<FileSummary> _summaries = [];

    /// <summary>A replay that has not begun.</summary>
    public Replayer(ReplayOptions options, TraceSender portal, TimeProvider time, IReplayProgress progress)
    {
        _options = options;
        _portal = portal;
        _time = time;
        _progress = progress;
    }

    /// <summary>What has become of each file so far; true also after an exception.</summary>
    public IReadOnlyList<FileSummary> Summaries => _summaries;

    /// <summary>Sends every file, in order.</summary>
    /// <exception cref="TraceFormatException">A file cannot be read. Nothing was sent.</exception>
    /// <exception cref="PortalException">The portal stayed out of reach or refused a request as a whole.</exception>
    /// <exception cref="OperationCanceledException">The replay was stopped. What was sent stays; sending it again does no harm.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var files = new List<TraceFile>();
        foreach (string path in _options.Files)
        {
            var file = await TraceFile.OpenAsync(path, cancellationToken);
            if (ReasonToLeaveOut(file) is { } reason)
            {
                _summaries.Add(new FileSummary(file.Trace) { LeftOut = reason });
            }
            else
            {
                files.Add(file);
            }
        }

        (long total, var newest) = await ScanAsync(files, cancellationToken);
        var shift = _options.EndingNow && newest is { } end ? ShiftTo(_time.GetUtcNow(), end) : TimeSpan.Zero;
        _progress.Begin(total);
        foreach (var file in files)
        {
            var summary = new FileSummary(file.Trace);
            _summaries.Add(summary);
            await SendAsync(file, shift, summary, cancellationToken);
        }

        _progress.End();
    }

    /// <summary>The constant that puts <paramref name="newest"/> one second before <paramref name="now"/>, in whole microseconds.</summary>
    internal static TimeSpan ShiftTo(DateTimeOffset now, DateTime newest)
    {
        var shift = now.UtcDateTime - TimeSpan.FromSeconds(1) - newest;
        return TimeSpan.FromTicks(shift.Ticks - shift.Ticks % TimeSpan.TicksPerMicrosecond);
    }

    private string? ReasonToLeaveOut(TraceFile file) => file.Shape.Kind switch
    {
        TraceKind.Nothing => file.Shape.Reason,
        TraceKind.Samples when !_options.Resources => "it holds resource samples; add --resources to send them",
        _ => null,
    };

    private async Task<(long Total, DateTime? Newest)> ScanAsync(List<TraceFile> files, CancellationToken cancellationToken)
    {
        long total = 0;
        DateTime? newest = null;
        foreach (var file in files)
        {
            await foreach (var row in file.RowsAsync(_options.Source, _options.Limit, cancellationToken))
            {
                total++;
                if (row.End is { } end && !(end <= newest))
                {
                    newest = end;
                }
            }
        }

        return (total, newest);
    }

    private async Task SendAsync(TraceFile file, TimeSpan shift, FileSummary summary, CancellationToken cancellationToken)
    {
        using var body = new ReportBody(file.Shape.Kind, shift);
        var rows = new List<long>(_options.Batch);
        await foreach (var row in file.RowsAsync(_options.Source, _options.Limit, cancellationToken))
        {
            summary.Read++;
            if (row is SkippedRow skipped)
            {
                summary.Skip(skipped.Reason);
                _progress.Advance(1);
                continue;
            }

            body.Add(row);
            rows.Add(summary.Read);
            if (rows.Count == _options.Batch)
            {
                await SendAsync(body, rows, file.Shape.Kind, summary, cancellationToken);
            }
        }

        if (rows.Count > 0)
        {
            await SendAsync(body, rows, file.Shape.Kind, summary, cancellationToken);
        }
    }

    private async Task SendAsync(ReportBody body, List<long> rows, TraceKind kind, FileSummary summary, CancellationToken cancellationToken)
    {
        var bytes = body.Finish();
        if (kind == TraceKind.Samples)
        {
            if (await _portal.SendSamplesAsync(bytes, body.MediaType, cancellationToken) is { } detail)
            {
                summary.Reject(rows[0], rows.Count, detail);
            }
            else
            {
                summary.Accepted += rows.Count;
            }
        }
        else
        {
            var answer = await _portal.SendOperationsAsync(bytes, body.MediaType, cancellationToken);
            summary.Accepted += answer.Accepted;
            summary.Duplicates += answer.Duplicates;
            foreach (var rejection in answer.Rejected)
            {
                summary.Reject(rows[Math.Clamp(rejection.Index, 0, rows.Count - 1)], 1, rejection.Detail);
            }
        }

        summary.Sent += rows.Count;
        _progress.Advance(rows.Count);
        rows.Clear();
    }
}
