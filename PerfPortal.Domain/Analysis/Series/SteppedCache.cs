namespace PerfPortal.Domain.Analysis.Series;

/// <summary>A range of steps and how it is read.</summary>
/// <param name="First">The first step, counted from year 1.</param>
/// <param name="End">The step after the last one.</param>
/// <param name="Settled">Steps before this one are not expected to change.</param>
internal readonly record struct StepRange(long First, long End, long Settled);

/// <summary>
/// Holds series by key, so that the next read fetches only the steps that may have changed. A step that changes without <see cref="ReadAgain"/> becomes visible when the entry
/// expires, after <see cref="Trust"/> at the latest. Holds one range, which grows for as long as an entry lives, of at most
/// the given number of keys. Thread-safe.
/// </summary>
/// <param name="none">The value of a step without data.</param>
/// <param name="maxKeys">The maximum number of keys held and returned; those with the most data remain.</param>
/// <param name="isData">Whether a step has data.</param>
/// <param name="time">The clock.</param>
internal sealed class SteppedCache<TKey, TValue>(TValue none, int maxKeys, Func<TValue, bool> isData, TimeProvider time)
    where TKey : notnull
{
    /// <summary>The lifetime of an entry.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromHours(1);

    private volatile Held? _held;
    private long _changedFrom = long.MaxValue;

    /// <summary>Reads a step and those after it again, because something was added to it after it had settled.</summary>
    public void ReadAgain(long step)
    {
        for (long known = Interlocked.Read(ref _changedFrom); step < known;)
        {
            long seen = Interlocked.CompareExchange(ref _changedFrom, step, known);
            if (seen == known)
            {
                return;
            }

            known = seen;
        }
    }

    /// <summary>Returns the steps of every key; the arrays are shared and must not be changed.</summary>
    /// <param name="range">The steps.</param>
    /// <param name="readAsync">Reads the steps from the first number up to the second; every array has one value per step.</param>
    public async Task<IReadOnlyDictionary<TKey, TValue[]>> ReadAsync(StepRange range, Func<long, long, Task<Dictionary<TKey, TValue[]>>> readAsync)
    {
        long changed = Interlocked.Exchange(ref _changedFrom, long.MaxValue);
        var held = _held is { } one && one.First <= range.First && Math.Min(one.Settled, changed) > one.First && time.GetElapsedTime(one.ReadAt) < Trust ? one : null;

        // What another reader asked for is kept: readers of short and of long ranges take turns.
        long first = held?.First ?? range.First;
        long from = Math.Min(held is null ? first : Math.Min(held.Settled, changed), range.End);
        Dictionary<TKey, TValue[]> fresh;
        try
        {
            fresh = await readAsync(from, range.End).ConfigureAwait(false);
        }
        catch
        {
            ReadAgain(changed);
            throw;
        }

        var series = held is null ? fresh : Join(held, fresh, range.End, from);
        if (series.Count > maxKeys)
        {
            series = series.OrderByDescending(pair => pair.Value.Count(isData)).Take(maxKeys).ToDictionary();
        }

        _held = new(first, Math.Min(range.Settled, range.End), held?.ReadAt ?? time.GetTimestamp(), series);
        return first == range.First ? series : From(series, (int)(range.First - first));
    }

    private Dictionary<TKey, TValue[]> From(Dictionary<TKey, TValue[]> series, int index) =>
        series.Where(pair => Array.FindIndex(pair.Value, index, value => isData(value)) >= 0).ToDictionary(pair => pair.Key, pair => pair.Value[index..]);

    private Dictionary<TKey, TValue[]> Join(Held held, Dictionary<TKey, TValue[]> fresh, long end, long from)
    {
        var joined = new Dictionary<TKey, TValue[]>();
        int kept = (int)(from - held.First);
        foreach (var (key, values) in held.Series)
        {
            var all = new TValue[end - held.First];
            Array.Copy(values, all, kept);
            if (fresh.Remove(key, out var added))
            {
                added.CopyTo(all, kept);
            }
            else
            {
                Array.Fill(all, none, kept, all.Length - kept);
            }

            if (Array.Exists(all, value => isData(value)))
            {
                joined.Add(key, all);
            }
        }

        foreach (var (key, added) in fresh)
        {
            var all = new TValue[end - held.First];
            Array.Fill(all, none, 0, kept);
            added.CopyTo(all, kept);
            joined.Add(key, all);
        }

        return joined;
    }

    /// <param name="First">The first step.</param>
    /// <param name="Settled">Steps before this one are not read again.</param>
    /// <param name="ReadAt">The timestamp at which the oldest step was read.</param>
    /// <param name="Series">The steps of every key.</param>
    private sealed record Held(long First, long Settled, long ReadAt, IReadOnlyDictionary<TKey, TValue[]> Series);
}
