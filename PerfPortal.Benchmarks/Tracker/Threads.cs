using System.Diagnostics;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Benchmarks.Tracker;

/// <summary>
/// Threads that track on one tracker at the same time, in bursts that begin together. Only bursts count during which the others
/// ran, too; of those the lower quartile, since what threads cost each other is there in every burst, and what the machine does besides is not.
/// </summary>
internal static class Threads
{
    private const int WarmUp = 100;
    private const double MinOverlap = 0.8;

    /// <summary>Nanoseconds of an operation on one of so many threads, the slower thread's; NaN when they never ran together.</summary>
    public static double Measure(int threads, int bursts)
    {
        var (tracker, _) = Round.NewTracker(null);
        var meeting = new Meeting(threads);
        var spans = new (long Start, long End)[threads][];
        var running = Enumerable.Range(0, threads)
            .Select(number => new Thread(() => spans[number] = Run(tracker, meeting, bursts, drains: number == 0))).ToList();
        running.ForEach(thread => thread.Start());
        running.ForEach(thread => thread.Join());
        var together = Enumerable.Range(WarmUp, bursts).Where(burst => Overlap([.. spans.Select(own => own[burst])]) >= MinOverlap).ToList();
        return spans.Max(own => LowerQuartile([.. together.Select(burst => Nanoseconds(own[burst]) / Bursts.Length)]));
    }

    private static (long Start, long End)[] Run(PerformanceTracker tracker, Meeting meeting, int bursts, bool drains)
    {
        var burst = new TrackedBurst(tracker);
        var spans = new (long Start, long End)[WarmUp + bursts];
        for (int i = 0; i < spans.Length; i++)
        {
            meeting.Wait();
            long started = Stopwatch.GetTimestamp();
            burst.Run();
            spans[i] = (started, Stopwatch.GetTimestamp());
            meeting.Wait();
            if (drains)
            {
                tracker.Drain();
            }
        }

        return spans;
    }

    /// <summary>The share of the longest of these spans that all of them cover.</summary>
    private static double Overlap((long Start, long End)[] spans) =>
        (spans.Min(span => span.End) - spans.Max(span => span.Start)) / (double)spans.Max(span => span.End - span.Start);

    private static double Nanoseconds((long Start, long End) span) => Stopwatch.GetElapsedTime(span.Start, span.End).TotalNanoseconds;

    private static double LowerQuartile(double[] figures)
    {
        Array.Sort(figures);
        return figures.Length == 0 ? double.NaN : figures[figures.Length / 4];
    }

    /// <summary>Lets threads go on together within nanoseconds, which waiting for the system would not.</summary>
    private sealed class Meeting(int threads)
    {
        private int _arrived;

        public void Wait()
        {
            int meeting = (Interlocked.Increment(ref _arrived) - 1) / threads;
            while (Volatile.Read(ref _arrived) < (meeting + 1) * threads)
            {
                Thread.SpinWait(1);
            }
        }
    }
}
