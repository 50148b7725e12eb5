using PerfPortal.Domain.Tracking;

namespace PerfPortal.Benchmarks.Tracker;

/// <summary>Threads that track on one tracker at the same time, each in its own bursts, which begin together.</summary>
internal static class Threads
{
    private const int WarmUp = 40;

    /// <summary>Nanoseconds of an operation on one of so many threads, the slower thread's.</summary>
    public static double Measure(int threads, int bursts)
    {
        var (tracker, _) = Round.NewTracker(null);
        using var barrier = new Barrier(threads, _ => tracker.Drain());
        var costs = new double[threads];
        var running = Enumerable.Range(0, threads).Select(number => new Thread(() => costs[number] = Run(tracker, barrier, bursts))).ToList();
        running.ForEach(thread => thread.Start());
        running.ForEach(thread => thread.Join());
        return costs.Max();
    }

    private static double Run(PerformanceTracker tracker, Barrier barrier, int bursts)
    {
        var burst = new TrackedBurst(tracker);
        Bursts.Measure(WarmUp, burst.Run, barrier.SignalAndWait);
        return Bursts.Measure(bursts, burst.Run, barrier.SignalAndWait);
    }
}
