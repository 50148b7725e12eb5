using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Insight;

/// <summary>
/// Keeps findings: recognises observations of the same problem, opens, updates and closes findings, and remembers them across restarts. Holds at most
/// <see cref="Capacity"/>; above that the closed ones that were seen longest ago are forgotten first. Reading is thread-safe; <see cref="MergeAsync"/> runs one call at a time.
/// While nothing can be stored, findings are kept in memory and stored later.
/// </summary>
/// <remarks>
/// An observation continues the open finding of its kind and subject whose beginning it shares. A finding closes when its detector says that the problem ended, or
/// has not seen it for <see cref="CloseAfter"/>: one missed look at a value beside a limit is not an end. When it returns within <see cref="ReopenWithin"/>, it is the same problem.
/// </remarks>
public sealed class FindingLedger(IFindingStore store, ILogger<FindingLedger>? logger = null) : IDisposable
{
    /// <summary>The maximum number of findings.</summary>
    public const int Capacity = 2000;

    /// <summary>How long a problem must be gone before its finding closes.</summary>
    public static readonly TimeSpan CloseAfter = TimeSpan.FromMinutes(5);

    /// <summary>A problem that returns within this time is the same.</summary>
    public static readonly TimeSpan ReopenWithin = TimeSpan.FromMinutes(30);

    // What changes is stored at once; that it was seen again, this often.
    private static readonly TimeSpan SeenResolution = TimeSpan.FromMinutes(10);

    private readonly ILogger _logger = logger ?? NullLogger<FindingLedger>.Instance;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly HashSet<string> _unsaved = [];
    private readonly HashSet<string> _removed = [];
    private readonly Dictionary<string, DateTimeOffset> _seenStored = [];
    private Dictionary<string, Finding> _findings = [];
    private IReadOnlyList<Finding>? _published;
    private bool _isFailing;
    private long _version;

    /// <summary>Changes whenever a finding opens, closes or is updated.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Returns all findings: open ones first, those with the largest impact first, then the closed ones, the latest end first.</summary>
    public async ValueTask<IReadOnlyList<Finding>> ListAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _published) is { } published)
        {
            return published;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await LoadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes what a detector observed.</summary>
    /// <param name="kinds">The kinds that the detector finds.</param>
    /// <param name="observations">Everything that it observed.</param>
    /// <param name="now">The time as of which it observed, UTC.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task MergeAsync(
        IReadOnlyList<FindingKind> kinds, IReadOnlyList<FindingObservation> observations, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await LoadAsync(cancellationToken).ConfigureAwait(false);
            foreach (var finding in FindingMatch.Apply(_findings.Values.Where(finding => kinds.Contains(finding.Latest.Kind)), observations, now))
            {
                Take(finding);
            }

            Forget();
            await SaveAsync(cancellationToken).ConfigureAwait(false);
            Publish();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Deletes findings, because what they are about no longer exists.</summary>
    public async Task DeleteAsync(Func<Finding, bool> which, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await LoadAsync(cancellationToken).ConfigureAwait(false);
            foreach (var finding in _findings.Values.Where(which).ToList())
            {
                Remove(finding.Id);
            }

            await SaveAsync(cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref _version);
            Publish();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<IReadOnlyList<Finding>> LoadAsync(CancellationToken cancellationToken)
    {
        if (_published is null)
        {
            var stored = await store.ReadAllAsync(cancellationToken).ConfigureAwait(false);
            _findings = stored.ToDictionary(finding => finding.Id);
            foreach (var finding in stored)
            {
                _seenStored[finding.Id] = finding.LastSeen;
            }

            Publish();
        }

        return _published!;
    }

    private void Take(Finding finding)
    {
        bool isSame = _findings.TryGetValue(finding.Id, out var known) && known.State == finding.State && known.Until == finding.Until && IsSame(known.Latest, finding.Latest);
        _findings[finding.Id] = isSame ? finding with { Latest = known!.Latest } : finding;
        if (!isSame)
        {
            Interlocked.Increment(ref _version);
        }

        if (!isSame || finding.LastSeen - _seenStored.GetValueOrDefault(finding.Id) >= SeenResolution)
        {
            _unsaved.Add(finding.Id);
        }
    }

    /// <summary>Lists compare by reference, so everything that is said is compared as text.</summary>
    private static bool IsSame(FindingObservation one, FindingObservation other) =>
        one.Sentence == other.Sentence && one.Action == other.Action && one.Since == other.Since && one.SinceLow == other.SinceLow && one.SinceHigh == other.SinceHigh
        && one.Until == other.Until && one.Severity == other.Severity && one.Size.Equals(other.Size) && one.Confidence.Equals(other.Confidence)
        && one.Impact.Equals(other.Impact) && one.Evidence.SequenceEqual(other.Evidence) && one.Causes.SequenceEqual(other.Causes)
        && one.Running == other.Running && one.Names.SequenceEqual(other.Names)
        && one.Operations.SequenceEqual(other.Operations);

    private void Forget()
    {
        foreach (var finding in FindingOrder.Sort(_findings.Values).Skip(Capacity).ToList())
        {
            Remove(finding.Id);
        }
    }

    private void Remove(string id)
    {
        _findings.Remove(id);
        _unsaved.Remove(id);
        _seenStored.Remove(id);
        _removed.Add(id);
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (_unsaved.Count == 0 && _removed.Count == 0)
        {
            return;
        }

        try
        {
            await store.SaveAsync([.. _unsaved.Select(id => _findings[id])], [.. _removed], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isFailing)
            {
                _logger.LogWarning("Findings cannot be stored; they are kept in memory and stored later. {Reason}", exception.GetBaseException().Message);
            }

            _isFailing = true;
            return;
        }

        if (_isFailing)
        {
            _logger.LogInformation("Findings are stored again.");
            _isFailing = false;
        }

        foreach (string id in _unsaved)
        {
            _seenStored[id] = _findings[id].LastSeen;
        }

        _unsaved.Clear();
        _removed.Clear();
    }

    private void Publish() => Volatile.Write(ref _published, FindingOrder.Sort(_findings.Values));
}
