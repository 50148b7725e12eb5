using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// Manages the lifecycle of recommendations. A new recommendation is open; people apply or dismiss it and can change their decision: every state
/// transition is allowed, and repeating a state changes nothing. A recommendation that is no longer computed keeps its state with
/// <see cref="Recommendation.IsCurrent"/> off. A dismissed one stays dismissed while its subject is the same. An applied one that was absent for
/// <see cref="CameBackAfter"/> and is computed again reopens, because the problem came back. Thread-safe.
/// Accepts only analyses over all sources. Recommendations that cannot be stored are kept in memory and stored later, so that an analysis can be read while nothing can be written;
/// a decision of a person must be stored.
/// </summary>
public sealed class RecommendationLedger(IRecommendationStore store, TimeProvider time, ILogger<RecommendationLedger>? logger = null) : IDisposable
{
    /// <summary>The resolution of the last-seen time; more frequent updates are not stored.</summary>
    public static readonly TimeSpan SeenResolution = TimeSpan.FromMinutes(1);

    /// <summary>The absence after which an applied recommendation reopens: the window of the analysis.</summary>
    public static readonly TimeSpan CameBackAfter = AnalysisInput.Window;

    /// <summary>Before the first analysis of this process, recommendations seen within this time count as current.</summary>
    public static readonly TimeSpan CurrentFor = TimeSpan.FromMinutes(15);

    /// <summary>The maximum length of a note, in characters.</summary>
    public const int NoteCharacters = 1000;

    /// <summary>The maximum length of the name of the deciding person, in characters.</summary>
    public const int PersonCharacters = 200;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly UnsavedRecommendations _unsaved = new(store, time, logger ?? NullLogger<RecommendationLedger>.Instance);
    private HashSet<string>? _current;
    private long _version;

    /// <summary>Grows with every decision and whenever other recommendations are given than before.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Merges the recommendations of an analysis over all sources.</summary>
    /// <returns>All recommendations, current ones first.</returns>
    public async Task<IReadOnlyList<Recommendation>> MergeAsync(IReadOnlyList<Recommendation> computed, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = time.GetUtcNow();
            var stored = (await ReadAllAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(item => item.Id);
            var written = new List<Recommendation>();
            foreach (var fresh in computed)
            {
                var merged = Merge(fresh, stored.GetValueOrDefault(fresh.Id), now);
                if (!stored.TryGetValue(fresh.Id, out var before) || now - before.SeenAt >= SeenResolution || before.State != merged.State)
                {
                    written.Add(merged);
                }
                else
                {
                    merged = merged with { SeenAt = before.SeenAt };
                }

                stored[fresh.Id] = merged;
            }

            await _unsaved.SaveAsync(written, cancellationToken).ConfigureAwait(false);
            HashSet<string> current = [.. computed.Select(item => item.Id)];
            bool isChanged = _current?.SetEquals(current) != true || written.Any(item => item.OpenedAt == now);
            _current = current;
            if (isChanged)
            {
                Interlocked.Increment(ref _version);
            }

            return Listed(stored.Values, now);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Returns all recommendations, current ones first, then by state and opening time, latest first.</summary>
    public async Task<IReadOnlyList<Recommendation>> ListAsync(CancellationToken cancellationToken) =>
        Listed(await ReadAllAsync(cancellationToken).ConfigureAwait(false), time.GetUtcNow());

    /// <summary>Returns the recommendation with this id, or <see langword="null"/>.</summary>
    public async Task<Recommendation?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(item => item.Id == id);

    /// <summary>Marks a recommendation as applied.</summary>
    /// <param name="id">The id of the recommendation.</param>
    /// <param name="by">The deciding person; truncated to 200 characters.</param>
    /// <param name="note">A note, or <see langword="null"/>; truncated to 1,000 characters.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The updated recommendation, or <see langword="null"/> when the id is unknown.</returns>
    public Task<Recommendation?> ApplyAsync(string id, string by, string? note, CancellationToken cancellationToken) =>
        DecideAsync(id, RecommendationState.Applied, by, note, cancellationToken);

    /// <summary>Marks a recommendation as dismissed. Parameters and result as for <see cref="ApplyAsync"/>.</summary>
    public Task<Recommendation?> DismissAsync(string id, string by, string? note, CancellationToken cancellationToken) =>
        DecideAsync(id, RecommendationState.Dismissed, by, note, cancellationToken);

    /// <summary>Reopens a recommendation. Parameters and result as for <see cref="ApplyAsync"/>.</summary>
    public Task<Recommendation?> ReopenAsync(string id, string by, string? note, CancellationToken cancellationToken) =>
        DecideAsync(id, RecommendationState.Open, by, note, cancellationToken);

    /// <summary>Records what applied recommendations did; those that are unknown or not applied any more are ignored.</summary>
    public async Task RecordEffectsAsync(IReadOnlyDictionary<string, RecommendationEffect> effects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(effects);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var written = (await ReadAllAsync(cancellationToken).ConfigureAwait(false))
                .Where(item => item.State == RecommendationState.Applied && effects.TryGetValue(item.Id, out var effect) && item.Effect != effect)
                .Select(item => item with { Effect = effects[item.Id] }).ToList();
            if (written.Count > 0)
            {
                await _unsaved.SaveAsync(written, cancellationToken).ConfigureAwait(false);
                Interlocked.Increment(ref _version);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Deletes recommendations, whatever was decided on them, because what they are about no longer exists.</summary>
    public async Task DeleteAsync(Func<Recommendation, bool> which, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            HashSet<string> ids = [.. (await ReadAllAsync(cancellationToken).ConfigureAwait(false)).Where(which).Select(item => item.Id)];
            if (ids.Count > 0)
            {
                _unsaved.Drop(ids);
                await store.DeleteAsync(ids, cancellationToken).ConfigureAwait(false);
                Interlocked.Increment(ref _version);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private static Recommendation Merge(Recommendation fresh, Recommendation? before, DateTimeOffset now)
    {
        if (before is null)
        {
            return fresh with { State = RecommendationState.Open, OpenedAt = now, SeenAt = now };
        }

        bool cameBack = before.State == RecommendationState.Applied && now - before.SeenAt > CameBackAfter
            && !(before.ChangedAt > before.SeenAt && now - before.ChangedAt <= CameBackAfter);
        return cameBack
            ? fresh with { State = RecommendationState.Open, OpenedAt = now, SeenAt = now, ChangedAt = before.ChangedAt, ChangedBy = before.ChangedBy, Note = before.Note }
            : fresh with
            {
                State = before.State,
                OpenedAt = before.OpenedAt,
                SeenAt = now,
                ChangedAt = before.ChangedAt,
                ChangedBy = before.ChangedBy,
                Note = before.Note,
                Effect = before.Effect,
            };
    }

    private static string? Cut(string? text, int characters) => text is { Length: var length } && length > characters ? text[..characters] : text;

    private async Task<Recommendation?> DecideAsync(string id, RecommendationState state, string by, string? note, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(by);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } found || found.State == state)
            {
                return await FindAsync(id, cancellationToken).ConfigureAwait(false);
            }

            await _unsaved.SaveWaitingAsync(cancellationToken).ConfigureAwait(false);
            var decided = found with
            {
                State = state,
                ChangedAt = time.GetUtcNow(),
                ChangedBy = Cut(by, PersonCharacters),
                Note = Cut(note, NoteCharacters),
            };
            return await store.DecideAsync(decided, cancellationToken).ConfigureAwait(false) ? decided : null;
        }
        finally
        {
            Interlocked.Increment(ref _version);
            _gate.Release();
        }
    }

    private async Task<IReadOnlyList<Recommendation>> ReadAllAsync(CancellationToken cancellationToken) =>
        _unsaved.Over(await store.ReadAllAsync(cancellationToken).ConfigureAwait(false));

    private IReadOnlyList<Recommendation> Listed(IEnumerable<Recommendation> stored, DateTimeOffset now)
    {
        var items = stored as IReadOnlyCollection<Recommendation> ?? [.. stored];
        var records = items.Where(item => item.Effect is { Verdict: not EffectVerdict.TooEarly }).GroupBy(item => item.Kind)
            .ToDictionary(kind => kind.Key, kind => new KindRecord(kind.Count(item => item.Effect!.Verdict == EffectVerdict.Helped), kind.Count()), StringComparer.Ordinal);
        return
        [
        .. items.Select(item => item with { IsCurrent = _current?.Contains(item.Id) ?? now - item.SeenAt <= CurrentFor, KindRecord = records.GetValueOrDefault(item.Kind) })
            .OrderByDescending(item => item.IsCurrent).ThenBy(item => item.State).ThenByDescending(item => item.OpenedAt).ThenBy(item => item.Id, StringComparer.Ordinal),
        ];
    }
}
