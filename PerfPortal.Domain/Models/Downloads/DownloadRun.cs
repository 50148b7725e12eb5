using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Transfers;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>One run of a download, from waiting for its turn to its end.</summary>
internal sealed class DownloadRun
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromMilliseconds(250);

    private readonly DownloaderParts _parts;
    private readonly DownloadRequest _request;
    private readonly IReadOnlyList<FileStatus> _known;
    private readonly SpacePromise _space;
    private readonly OperationContext? _context = OperationContext.Current;
    private DownloadPlan? _plan;
    private volatile RunFigures? _figures;

    /// <summary>Prepares a run; its place in the order of those that need room is that of this call, and it belongs to what the caller does.</summary>
    /// <param name="parts">What it shares with others.</param>
    /// <param name="request">What to load.</param>
    /// <param name="known">The files as an earlier run left them.</param>
    public DownloadRun(DownloaderParts parts, DownloadRequest request, IReadOnlyList<FileStatus> known)
    {
        _parts = parts;
        _request = request;
        _known = known;
        _space = parts.Space.Open(request.DisplayName, request.Directory);
    }

    /// <summary>The figures, once the request is found to be possible.</summary>
    public RunFigures? Figures => _figures;

    /// <summary>Runs.</summary>
    /// <param name="started">Called with the id of the operation when it is its turn.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="DownloadException">It failed or was cancelled.</exception>
    public async Task<DownloadResult> RunAsync(Action<Guid> started, CancellationToken cancellationToken)
    {
        using var space = _space;
        DownloadException? refusal;
        try
        {
            refusal = await PrepareAsync(cancellationToken).ConfigureAwait(false);
            if (refusal is null)
            {
                await _parts.Turns.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            throw Cancelled();
        }

        if (refusal is not null)
        {
            return await ReportAsync(started, (_, _) => throw refusal, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await ReportAsync(started, LoadAsync, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _parts.Turns.Release();
        }
    }

    private async Task<DownloadException?> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            _plan = Continued(DownloadPlan.Of(_request, _parts.Options.Authorize));
            _figures = new(_plan, _parts.Time, _known);
            foreach (var spec in _plan.Specs)
            {
                _space.Need(spec.Path, DownloadPlan.MissingBytes(spec));
            }

            _space.SetKnown();
            await _space.WaitForEarlierAsync(_parts.Time, cancellationToken).ConfigureAwait(false);
            _space.Check();
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return AsDownload(exception);
        }
        finally
        {
            _space.SetKnown();
        }
    }

    /// <summary>What an earlier run of a repair has placed is damaged no longer.</summary>
    private DownloadPlan Continued(DownloadPlan plan) => !_request.IsRepair || _known.Count != plan.Specs.Count ? plan
        : plan with { Specs = [.. plan.Specs.Select((spec, index) => _known[index].IsComplete ? spec with { IsRepair = false } : spec)] };

    private async Task<DownloadResult> ReportAsync(Action<Guid> started, Func<DownloadReport, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var figures = _figures ?? new RunFigures(new([], []), _parts.Time, []);
        using var scope = _parts.Tracker.Start(MetricType.DownloadOperation, _request.DisplayName, _parts.Options.Source, _context ?? OperationContext.None);
        started(scope.Id);
        var report = new DownloadReport(scope, figures, SafeUrl.ForReports(_request.Files[0].Url), _request.IsRepair, _parts.Time);
        using var progress = _parts.Time.CreateTimer(static report => ((DownloadReport)report!).Progress(), report, ProgressPeriod, ProgressPeriod);
        DownloadException failure;
        try
        {
            await work(report, cancellationToken).ConfigureAwait(false);
            await progress.DisposeAsync().ConfigureAwait(false);
            report.End(null);
            return new()
            {
                Id = Guid.Empty,
                Files = figures.Outcomes,
                BytesTotal = figures.Total ?? 0,
                BytesDownloaded = figures.Useful,
                BytesWasted = figures.Wasted,
                Retries = figures.Retries.Count,
                Duration = report.Elapsed,
                Notes = figures.Notes,
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            failure = Cancelled();
        }
        catch (Exception exception)
        {
            failure = AsDownload(exception);
        }

        await progress.DisposeAsync().ConfigureAwait(false);
        report.End(failure);
        throw failure;
    }

    private async Task LoadAsync(DownloadReport report, CancellationToken cancellationToken)
    {
        var plan = _plan!;
        var figures = _figures!;
        _space.Check();
        var advice = report.Advice = await AskAsync(plan, cancellationToken).ConfigureAwait(false);
        _parts.Hosts.Use(advice.BandwidthShare);
        figures.Slots = new(advice.Connections);
        var (client, isOwn) = _parts.ClientFor(_request.Proxy);
        try
        {
            var context = new TransferContext
            {
                Time = _parts.Time,
                Logger = _parts.Logger,
                Random = _parts.Options.NextRandom,
                Client = client,
                Hosts = _parts.Hosts,
                Advice = advice,
                Retries = new(_parts.Options.MaxRetries, _parts.Options.MaxRetryDelay, _parts.Options.MaxRetryAfter),
                RetryLog = figures.Retries,
                Slots = figures.Slots,
                Space = _space,
                FreeBytes = _parts.Options.FreeBytes,
            };
            await LoadFilesAsync(plan, context, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (isOwn)
            {
                client.Dispose();
            }
        }

        Link(plan);
        if (_parts.Options.WriteManifest && _request.Snapshot is null && _request.Files.All(file => file.LinkPath is null))
        {
            ManifestWriter.TryWrite(_request, figures.Outcomes, _parts.Logger);
        }
    }

    private async Task LoadFilesAsync(DownloadPlan plan, TransferContext context, CancellationToken cancellationToken)
    {
        DownloadException? failure = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = context.Advice.Concurrency, CancellationToken = stop.Token };
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, plan.Specs.Count), options, async (index, token) =>
            {
                try
                {
                    var outcome = await _parts.Shared.RunAsync(plan.Specs[index], context, _figures!.Of(index), figures => _figures!.Attach(index, figures), token).ConfigureAwait(false);
                    _figures!.End(index, outcome);
                }
                catch (DownloadException exception)
                {
                    Interlocked.CompareExchange(ref failure, exception, null);
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (failure is not null)
        {
            // The first failure is the one to tell.
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private void Link(DownloadPlan plan)
    {
        foreach (var (link, spec) in plan.Links)
        {
            SnapshotPlace.PlaceLink(link, plan.Specs[spec].Path);
        }

        if (_request.Snapshot is { } snapshot)
        {
            SnapshotPlace.PlaceReference(SafePath.Resolve(_request.Directory, SnapshotPlace.Reference(snapshot.Repository, snapshot.Revision)), snapshot.Commit);
        }
    }

    private async Task<TransferAdvice> AskAsync(DownloadPlan plan, CancellationToken cancellationToken)
    {
        var question = new AdviceQuestion(AdviceTopic.Download, _parts.Options.Source, _request.DisplayName, PastFacts.HostOf(plan.Specs[0].Sources[0].Uri.AbsoluteUri), _figures!.Total);
        var advice = await AskAsync(question, cancellationToken).ConfigureAwait(false);
        return advice with
        {
            Connections = _parts.Options.Connections ?? advice.Connections,
            Concurrency = _parts.Options.Concurrency ?? advice.Concurrency,
            StallTimeout = _parts.Options.StallTimeout ?? advice.StallTimeout,
        };
    }

    private async Task<TransferAdvice> AskAsync(AdviceQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            return new(await _parts.Trial.ChooseAsync(question, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _parts.Logger?.LogWarning(exception, "There is no advice for the download {Name}; the defaults are used.", question.Name);
            return new();
        }
    }

    private DownloadException AsDownload(Exception exception)
    {
        if (exception is DownloadException known)
        {
            return known;
        }

        _parts.Logger?.LogError(exception, "The download {Name} failed unexpectedly.", _request.DisplayName);
        return DiskErrors.IsDisk(exception)
            ? DiskErrors.Of(exception, _request.Directory)
            : new(DownloadErrorCategory.Server, $"The download failed unexpectedly: {exception.Message}", exception);
    }

    private static DownloadException Cancelled() => new(DownloadErrorCategory.Cancelled, "The download was cancelled.");
}
