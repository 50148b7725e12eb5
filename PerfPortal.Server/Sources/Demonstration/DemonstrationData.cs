using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Sources.Demonstration;

/// <summary>
/// Loads a made-up day (see <see cref="DemonstrationDay"/>) through the same reports and the same journal as any other data, so that summaries include it. It is removed like any other
/// source.
/// </summary>
internal sealed class DemonstrationData(
    OperationReports reports, OperationJournal journal, NameDirectory directory, NameLimiter limiter, RetentionHorizons horizons, DemonstrationMark mark, SourceRemover remover,
    TimeProvider time, ILogger<DemonstrationData> logger) : IDisposable
{
    private const int BatchSize = 1_000;
    private const int NewNames = 16;
    private static readonly TimeSpan Covered = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Returns whether the data is loaded.</summary>
    public ValueTask<bool> IsLoadedAsync(CancellationToken cancellationToken) => mark.IsLoadedAsync(cancellationToken);

    /// <summary>Loads the data.</summary>
    /// <param name="by">Who loads it.</param>
    /// <param name="cancellationToken">Cancels the operation. What is loaded by then stays.</param>
    /// <returns>What was loaded, or why nothing was.</returns>
    /// <exception cref="JournalUnavailableException">The database cannot be written at present.</exception>
    public async Task<(DemonstrationBody? Body, string? Reason)> LoadAsync(string by, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (WhyNot(await IsLoadedAsync(cancellationToken).ConfigureAwait(false)) is { } reason)
            {
                return (null, reason);
            }

            await mark.WriteAsync(true, by, cancellationToken).ConfigureAwait(false);
            var loaded = await StoreAsync(DemonstrationDay.EndingAt(time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            remover.ForgetComputed();
            logger.LogInformation("{By} loaded demonstration data: {Operations} operations and {Samples} samples of the source {Source}.", by, loaded.Operations, loaded.Samples, loaded.Source);
            return (loaded, null);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private string? WhyNot(bool isLoaded)
    {
        if (isLoaded)
        {
            return "Demonstration data is loaded already.";
        }

        if (directory.Sources.Find(DemonstrationDay.Source) is not null)
        {
            return $"A source named {DemonstrationDay.Source} has reported data of its own.";
        }

        var names = limiter.Status;
        return names.Sources >= names.MaxSources || names.Names + NewNames > names.MaxNames
            ? "The limit for operation names or sources leaves no room for it (MaxOperationNames, MaxSources)."
            : null;
    }

    private async Task<DemonstrationBody> StoreAsync(DemonstrationDay day, CancellationToken cancellationToken)
    {
        int operations = 0;
        foreach (var part in day.Ended.Chunk(BatchSize))
        {
            operations += (await reports.RecordAsync(part, cancellationToken).ConfigureAwait(false)).Count(result => result.Outcome == ReportOutcome.Accepted);
        }

        int samples = 0;
        foreach (var part in day.Samples.Where(sample => sample.SampledAt >= horizons.OldestSample).Chunk(BatchSize))
        {
            await journal.SubmitAsync([.. part.Select(sample => new SampleTaken(sample, Covered))], cancellationToken).ConfigureAwait(false);
            samples += part.Length;
        }

        foreach (var running in day.Running)
        {
            await reports.StartAsync(running with { Progress = null }, cancellationToken).ConfigureAwait(false);
            await reports.UpdateAsync(running.Id, running.Progress, [], cancellationToken).ConfigureAwait(false);
        }

        return new(DemonstrationDay.Source, operations, day.Running.Count, samples);
    }
}
