using System.Runtime.InteropServices;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>
/// Collects ended operations from the lanes of a tracker, submits them to the journal, or to another sink, ordered by end time, and returns the slots. While
/// the sink is full, ended operations wait in their slots; once the lanes cannot grow, later operations are dropped and counted.
/// </summary>
internal sealed class TrackerDrain(PerformanceTracker tracker, IOperationSink? sink)
{
    private const int LargestSubmission = 2_048;
    private const int RoundsBetweenTrims = 512;

    private readonly Lock _gate = new();
    private readonly List<TrackedSlot> _ended = [];
    private readonly List<(TrackerLane Lane, int From, int Count)> _parts = [];
    private (ResourceSample? Start, ResourceSample? End, IReadOnlyDictionary<string, double>? Usage) _usage;
    private int _rounds;

    /// <summary>Runs one round.</summary>
    /// <returns>The number of operations that left their slots.</returns>
    public int Run()
    {
        lock (_gate)
        {
            tracker.Anchor.Refresh();
            tracker.ReadSample();
            if (++_rounds % RoundsBetweenTrims == 0)
            {
                tracker.Lanes.TrimDead();
            }

            Gather();
            int taken = _ended.Count == 0 ? 0 : Submit();
            _ended.Clear();
            _parts.Clear();
            return taken;
        }
    }

    /// <summary>Returns the resource usage between two samples, cached because consecutive operations usually share them.</summary>
    public IReadOnlyDictionary<string, double>? UsageOf(ResourceSample? start, ResourceSample? end)
    {
        var usage = _usage;
        return usage.Start == start && usage.End == end ? usage.Usage : (_usage = (start, end, ResourceUsage.Of(start, end))).Usage;
    }

    private void Gather()
    {
        foreach (var lane in tracker.Lanes.All)
        {
            if (!lane.IsBusy)
            {
                continue;
            }

            int from = _ended.Count;
            foreach (var slot in lane.Slots)
            {
                if (slot.IsEnded)
                {
                    _ended.Add(slot);
                }
            }

            if (_ended.Count > from)
            {
                _parts.Add((lane, from, _ended.Count - from));
            }
        }
    }

    private int Submit()
    {
        if (sink is null || sink.IsClosed)
        {
            tracker.CountDropped(_ended.Count);
            HandBack(_ended.Count);
            return _ended.Count;
        }

        int taken = 0;
        while (taken < _ended.Count)
        {
            int count = Math.Min(LargestSubmission, _ended.Count - taken);
            if (!sink.HasRoomFor(count))
            {
                break;
            }

            var entries = Collect(CollectionsMarshal.AsSpan(_ended).Slice(taken, count));
            if (entries.Count > 0 && !sink.TrySubmit(entries))
            {
                break;
            }

            tracker.CountDropped(count - entries.Count);
            taken += count;
        }

        HandBack(taken);
        return taken;
    }

    /// <summary>Collects the operations of slots, ordered by end time; an operation that cannot be created must not block the others.</summary>
    private static List<JournalEntry> Collect(ReadOnlySpan<TrackedSlot> slots)
    {
        var ended = new List<JournalEntry>(slots.Length);
        var last = DateTimeOffset.MinValue;
        bool isOrdered = true;
        foreach (var slot in slots)
        {
            try
            {
                var operation = slot.Collect();
                isOrdered &= operation.EndTime >= last;
                last = operation.EndTime!.Value;
                ended.Add(new OperationEnded(operation));
            }
            catch (Exception)
            {
                // Counted as dropped by the caller.
            }
        }

        if (!isOrdered)
        {
            ended.Sort(static (left, right) => EndOf(left).CompareTo(EndOf(right)));
        }

        return ended;
    }

    private static DateTimeOffset EndOf(JournalEntry entry) => ((OperationEnded)entry).Operation.EndTime!.Value;

    private void HandBack(int taken)
    {
        var slots = CollectionsMarshal.AsSpan(_ended);
        foreach (var slot in slots[..taken])
        {
            slot.Clear();
        }

        foreach (var (lane, from, count) in _parts)
        {
            int mine = Math.Min(count, taken - from);
            if (mine > 0)
            {
                lane.HandBack(slots.Slice(from, mine));
            }
        }
    }
}
