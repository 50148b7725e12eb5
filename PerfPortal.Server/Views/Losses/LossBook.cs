namespace PerfPortal.Server.Views.Losses;

/// <summary>
/// The losses that programs told, in memory: at most <see cref="MaxPerSource"/> of a source and <see cref="Capacity"/> in all, beyond which the oldest are forgotten. Thread-safe.
/// </summary>
internal sealed class LossBook
{
    /// <summary>The maximum number of losses of a source.</summary>
    public const int MaxPerSource = 100;

    /// <summary>The maximum number of losses.</summary>
    public const int Capacity = 2_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Loss> _losses = [];
    private IReadOnlyList<Loss> _all = [];
    private long _version;

    /// <summary>All losses, the latest first.</summary>
    public IReadOnlyList<Loss> All => Volatile.Read(ref _all);

    /// <summary>Changes with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>
    /// Records a loss. Told again under its id, with the same source and reason, it counts once: the larger counts are kept, so that a late repetition changes nothing.
    /// </summary>
    /// <returns>The loss as it is recorded now.</returns>
    public Loss Tell(Loss loss)
    {
        lock (_lock)
        {
            var key = Key.Of(loss);
            if (_losses.TryGetValue(key, out var known))
            {
                if (loss.Operations <= known.Operations && loss.Samples <= known.Samples)
                {
                    return known;
                }

                loss = loss with
                {
                    Operations = Math.Max(loss.Operations, known.Operations),
                    Samples = Math.Max(loss.Samples, known.Samples),
                    From = loss.From < known.From ? loss.From : known.From,
                    To = loss.To > known.To ? loss.To : known.To,
                    Detail = loss.Detail ?? known.Detail,
                };
            }

            _losses[key] = loss;
            Shrink(loss.Source);
            Publish();
            return loss;
        }
    }

    /// <summary>Forgets the losses of a source.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Remove(string source) => Forget(loss => loss.Source == source);

    /// <summary>Forgets what ended before a time.</summary>
    /// <returns>Whether there was any.</returns>
    public bool Purge(DateTimeOffset before) => Forget(loss => loss.To < before);

    /// <summary>Adds what was stored.</summary>
    public void Restore(IEnumerable<Loss> losses)
    {
        lock (_lock)
        {
            foreach (var loss in losses.OrderByDescending(loss => loss.To).Take(Capacity))
            {
                _losses.TryAdd(Key.Of(loss), loss);
            }

            Publish();
        }
    }

    private bool Forget(Func<Loss, bool> isForgotten)
    {
        lock (_lock)
        {
            var forgotten = _losses.Where(pair => isForgotten(pair.Value)).Select(pair => pair.Key).ToList();
            forgotten.ForEach(key => _losses.Remove(key));
            if (forgotten.Count > 0)
            {
                Publish();
            }

            return forgotten.Count > 0;
        }
    }

    private void Shrink(string source)
    {
        var ofSource = _losses.Values.Where(loss => loss.Source == source).ToList();
        if ((ofSource.Count > MaxPerSource ? ofSource : _losses.Count > Capacity ? _losses.Values.ToList() : []).MinBy(loss => loss.To) is { } oldest)
        {
            _losses.Remove(Key.Of(oldest));
        }
    }

    private void Publish()
    {
        Volatile.Write(ref _all, [.. _losses.Values.OrderByDescending(loss => loss.To).ThenBy(loss => loss.Id)]);
        Interlocked.Increment(ref _version);
    }

    // A program that uses one id for everything it loses may have several reasons, and an id does not give access to the losses of another source.
    private readonly record struct Key(Guid Id, string Source, Domain.Operations.LossReason Reason)
    {
        public static Key Of(Loss loss) => new(loss.Id, loss.Source, loss.Reason);
    }
}
