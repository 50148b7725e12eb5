using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Client;

/// <summary>
/// Reports operations while they run, so that the portal shows them live: their start, their progress, and heartbeats. Only the end, which is sent in a
/// batch, has to arrive; a report that fails here is made good by the next. Not thread-safe, except for <see cref="Count"/>.
/// </summary>
internal sealed class RunningReports(ActiveOperations active, PortalHttp http, PortalConnection connection, PortalClientOptions options, TimeProvider time)
{
    /// <summary>How often running operations are looked at.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private const int RequestsAtOnce = 4;

    private readonly Dictionary<Guid, Reported> _known = [];
    private long? _lookedAt;
    private volatile int _count;

    /// <summary>The number of running operations that the portal knows.</summary>
    public int Count => _count;

    /// <summary>Reports what has changed, at most once a <see cref="Period"/>, until the portal does not answer.</summary>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        if (options.MaxRunning == 0 || (_lookedAt is { } looked && time.GetElapsedTime(looked) < Period))
        {
            return;
        }

        _lookedAt = time.GetTimestamp();
        var due = Due(time.GetUtcNow());
        if (due.Count > 0)
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = RequestsAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(due, parallel, async (pair, token) => await ReportAsync(pair.Operation, pair.Known, token).ConfigureAwait(false)).ConfigureAwait(false);
        }

        _count = _known.Values.Count(known => known.State == ReportState.Known);
    }

    /// <summary>Chooses the longest running operations, forgets those that ended, and returns those that have something to report.</summary>
    private List<(Operation Operation, Reported Known)> Due(DateTimeOffset now)
    {
        var due = new List<(Operation, Reported)>();
        if (active.Count == 0)
        {
            _known.Clear();
            return due;
        }

        var running = active.List().Select(entry => entry.Current).Where(operation => now - operation.StartTime >= options.ReportRunningAfter).Take(options.MaxRunning).ToList();
        var ids = running.Select(operation => operation.Id).ToHashSet();
        foreach (var ended in _known.Keys.Where(id => !ids.Contains(id)).ToList())
        {
            _known.Remove(ended);
        }

        foreach (var operation in running)
        {
            if (!_known.TryGetValue(operation.Id, out var known))
            {
                _known[operation.Id] = known = new();
            }

            if (known.State == ReportState.New || (known.State == ReportState.Known && IsDue(operation, known)))
            {
                due.Add((operation, known));
            }
        }

        return due;
    }

    private bool IsDue(Operation operation, Reported known)
    {
        var since = time.GetElapsedTime(known.SentAt);
        return since >= options.HeartbeatInterval
            || (since >= options.ProgressInterval && (operation.Progress != known.Progress || known.Changes(operation.Metadata).Count > 0));
    }

    private async Task ReportAsync(Operation operation, Reported known, CancellationToken cancellationToken)
    {
        if (connection.Wait > TimeSpan.Zero)
        {
            return;
        }

        bool isNew = known.State == ReportState.New;
        byte[] body;
        try
        {
            body = isNew
                ? ReportWriter.Started(operation)
                : ReportWriter.Update(operation.Progress == known.Progress ? null : operation.Progress, known.Changes(operation.Metadata));
        }
        catch (Exception)
        {
            // It must not hold up the others.
            known.State = ReportState.NotWanted;
            return;
        }

        using var content = PortalHttp.Body(body, PortalHttp.Json);
        var answer = await http.SendAsync(isNew ? HttpMethod.Post : HttpMethod.Patch, isNew ? "operations" : $"operations/{operation.Id}", content, options.RequestTimeout, cancellationToken)
            .ConfigureAwait(false);
        switch (answer.Kind)
        {
            case AnswerKind.Accepted:
                connection.Succeeded();
                known.Sent(operation, time.GetTimestamp());
                break;
            case AnswerKind.Unknown when !isNew:
                // Its source was removed, or the portal lost it with its data: it is reported as new.
                known.State = ReportState.New;
                break;
            case AnswerKind.Refused or AnswerKind.Unavailable:
                connection.Failed(answer);
                break;
            default:
                // Invalid now is invalid later; the answer to its end says why.
                known.State = ReportState.NotWanted;
                break;
        }
    }

    private enum ReportState
    {
        New,
        Known,
        NotWanted,
    }

    /// <summary>What the portal knows of a running operation.</summary>
    private sealed class Reported
    {
        public ReportState State { get; set; }

        public Progress? Progress { get; private set; }

        public long SentAt { get; private set; }

        private Metadata Metadata { get; set; } = Metadata.Empty;

        public List<KeyValuePair<string, MetadataValue>> Changes(Metadata current) =>
            [.. current.Where(member => !Metadata.TryGet(member.Key, out var known) || !known.Equals(member.Value))];

        public void Sent(Operation operation, long at) => (State, Progress, Metadata, SentAt) = (ReportState.Known, operation.Progress, operation.Metadata, at);
    }
}
