namespace PerfPortal.Domain.Journal;

/// <summary>
/// Measures the throughput of the journal with exponentially decaying sums (time constant one minute), so that no history is kept. Thread-safe.
/// </summary>
internal sealed class JournalMeter(TimeProvider time)
{
    private const double MemorySeconds = 60;

    private readonly Lock _lock = new();
    private readonly long _begun = time.GetTimestamp();
    private long _at = time.GetTimestamp();
    private double _operations;
    private double _entries;
    private double _commits;
    private double _seconds;

    /// <summary>Ended operations per second over about the last minute.</summary>
    public double OperationsPerSecond
    {
        get
        {
            lock (_lock)
            {
                Decay();

                // Shortly after the start, the sums represent less than a minute.
                double covered = MemorySeconds * (1 - Math.Exp(-time.GetElapsedTime(_begun).TotalSeconds / MemorySeconds));
                return covered > 0 ? _operations / Math.Max(covered, 1) : 0;
            }
        }
    }

    /// <summary>The mean duration of a commit in milliseconds; 0 before the first.</summary>
    public double MeanCommitMilliseconds => Ratio(static meter => meter._seconds * 1000, static meter => meter._commits);

    /// <summary>The mean number of entries per commit; 0 before the first.</summary>
    public double EntriesPerCommit => Ratio(static meter => meter._entries, static meter => meter._commits);

    /// <summary>Entries stored per second spent committing; 0 before the first commit.</summary>
    public double EntriesPerBusySecond => Ratio(static meter => meter._entries, static meter => meter._seconds);

    /// <summary>Records a successful commit.</summary>
    public void Commit(int entries, TimeSpan took)
    {
        lock (_lock)
        {
            Decay();
            _entries += entries;
            _commits++;
            _seconds += took.TotalSeconds;
        }
    }

    /// <summary>Records ended operations.</summary>
    public void Ended(int operations)
    {
        lock (_lock)
        {
            Decay();
            _operations += operations;
        }
    }

    private double Ratio(Func<JournalMeter, double> part, Func<JournalMeter, double> whole)
    {
        lock (_lock)
        {
            return whole(this) > 0 ? part(this) / whole(this) : 0;
        }
    }

    private void Decay()
    {
        double kept = Math.Exp(-time.GetElapsedTime(_at).TotalSeconds / MemorySeconds);
        _at = time.GetTimestamp();
        _operations *= kept;
        _entries *= kept;
        _commits *= kept;
        _seconds *= kept;
    }
}
