using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Sources.Demonstration;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Views.Losses;

namespace PerfPortal.Server.Sources;

/// <summary>Removes a source: its operations, samples, statistics and recommendations. The journal does it; this also forgets what the read models have computed of it.</summary>
internal sealed class SourceRemover(
    OperationJournal journal, RecommendationLedger ledger, FindingLedger findings, AnalysisService analysis, RecommendationReader recommendations, DashboardCache dashboard, DashboardReader charts,
    IPortalDatabase database, DemonstrationMark demonstration, LossKeeper losses, TimeProvider time, ILogger<SourceRemover> logger)
{
    /// <summary>How long a caller waits until everything is deleted. Deletion goes on afterwards.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Returns why a source cannot be removed, for display; <see langword="null"/> if it can.</summary>
    public static string? WhyKept(string source) =>
        source == PortalSource.Name ? $"{PortalSource.Name} is the portal itself, which would report again at once."
        : source == HostSource.Name ? $"{HostSource.Name} is the portal's own host, which would report again at once."
        : null;

    /// <summary>Removes everything that a source has reported so far.</summary>
    /// <param name="source">The source; not one that is kept (see <see cref="WhyKept"/>).</param>
    /// <param name="by">Who removes it, for the log.</param>
    /// <param name="cancellationToken">Cancels the wait; a removal that has begun is completed.</param>
    /// <returns>What was removed, or <see langword="null"/> when the source has reported nothing.</returns>
    /// <exception cref="JournalUnavailableException">The database cannot be written at present.</exception>
    public async Task<RemovedSourceBody?> RemoveAsync(string source, string by, CancellationToken cancellationToken)
    {
        var removal = await journal.RemoveSourceAsync(source, cancellationToken).ConfigureAwait(false);
        bool? hadLosses = await ForgetLossesAsync(source).ConfigureAwait(false);
        if (removal is null && hadLosses == false)
        {
            return null;
        }

        logger.LogInformation("{By} removed the source {Source}. Its data is being deleted.", by, source);
        if (removal is null)
        {
            return new(source, 0, 0, 0, hadLosses is not null);
        }

        ForgetComputed();
        if (source == DemonstrationDay.Source)
        {
            await demonstration.WriteAsync(false, by, CancellationToken.None).ConfigureAwait(false);
        }

        var finished = FinishAsync(source, removal.Deleted);
        try
        {
            var deleted = await finished.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
            return new(source, deleted?.Operations, removal.Running, deleted?.Samples, deleted is not null && hadLosses is not null);
        }
        catch (TimeoutException)
        {
            return new(source, null, removal.Running, null, false);
        }
    }

    /// <summary>Forgets what read models have computed, so that a large change shows at once.</summary>
    public void ForgetComputed()
    {
        analysis.Forget();
        recommendations.Forget();
        dashboard.Forget();
        charts.Forget();
    }

    /// <summary>Returns whether there were losses; <see langword="null"/> when that could not be stored, which must not leave the rest of the source behind.</summary>
    private async Task<bool?> ForgetLossesAsync(string source)
    {
        try
        {
            return await losses.RemoveAsync(source, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.LogWarning("What the removed source {Source} lost is not deleted yet; it is when the next losses are stored. {Reason}", source, exception.Message);
            return null;
        }
    }

    private async Task<DeletedData?> FinishAsync(string source, Task<DeletedData> deletion)
    {
        try
        {
            await ledger.DeleteAsync(item => item.Source == source, CancellationToken.None).ConfigureAwait(false);
            await findings.DeleteAsync(item => item.Latest.Subject.Source == source, CancellationToken.None).ConfigureAwait(false);
            var deleted = await deletion.ConfigureAwait(false);
            var names = deleted.Names.ToHashSet(StringComparer.Ordinal);

            // An analysis that had begun before may have written some again.
            await ledger.DeleteAsync(item => item.Source == source || (item.OperationName is { } name && names.Contains(name)), CancellationToken.None).ConfigureAwait(false);
            await findings.DeleteAsync(
                item => item.Latest.Subject.Source is { } of ? of == source : item.Latest.Subject.Name is { } name && names.Contains(name), CancellationToken.None).ConfigureAwait(false);
            await database.ReleaseSpaceAsync(CancellationToken.None).ConfigureAwait(false);
            logger.LogInformation("The data of the source {Source} is deleted: {Operations} operations, {Samples} samples.", source, deleted.Operations, deleted.Samples);
            return deleted;
        }
        catch (Exception exception)
        {
            logger.LogWarning("The data of the removed source {Source} is not deleted completely yet; it stays hidden. {Reason}", source, exception.Message);
            return null;
        }
    }
}
