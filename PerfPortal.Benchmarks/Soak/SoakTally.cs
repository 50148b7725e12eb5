using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Soak;

/// <summary>What the load saw since it was last asked. Thread-safe.</summary>
internal sealed class SoakTally
{
    private readonly Lock _lock = new();
    private List<double> _ingest = [];
    private List<double> _queries = [];
    private long _acknowledged;
    private long _refused;
    private long _refusedForGood;
    private long _broken;

    /// <summary>Operations that the portal acknowledged, since the beginning.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Requests that met 429 or 503, since the beginning.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Those of them that were not told when to come again.</summary>
    public long RefusedForGood => Interlocked.Read(ref _refusedForGood);

    /// <summary>Requests whose connection broke, since the beginning.</summary>
    public long Broken => Interlocked.Read(ref _broken);

    /// <summary>So many operations were acknowledged after so long.</summary>
    public void Acknowledge(int operations, double milliseconds)
    {
        Interlocked.Add(ref _acknowledged, operations);
        lock (_lock)
        {
            _ingest.Add(milliseconds);
        }
    }

    /// <summary>A query was answered after so long.</summary>
    public void Answered(double milliseconds)
    {
        lock (_lock)
        {
            _queries.Add(milliseconds);
        }
    }

    /// <summary>A request was refused.</summary>
    /// <param name="saysWhen">Whether the answer has <c>Retry-After</c>.</param>
    public void Refuse(bool saysWhen)
    {
        Interlocked.Increment(ref _refused);
        if (!saysWhen)
        {
            Interlocked.Increment(ref _refusedForGood);
        }
    }

    /// <summary>A connection broke.</summary>
    public void Break() => Interlocked.Increment(ref _broken);

    /// <summary>The latencies since the last call, in milliseconds.</summary>
    public (Latencies Ingest, Latencies Queries) Take()
    {
        lock (_lock)
        {
            var taken = (Latencies.Of(_ingest), Latencies.Of(_queries));
            (_ingest, _queries) = ([], []);
            return taken;
        }
    }
}

/// <summary>Latencies of a while, in milliseconds; NaN when nothing was answered.</summary>
internal readonly record struct Latencies(double P50, double P99)
{
    /// <summary>Quantiles by the nearest rank.</summary>
    public static Latencies Of(IEnumerable<double> milliseconds)
    {
        double[] all = [.. milliseconds];
        return new(Medians.Quantile(all, 0.5), Medians.Quantile(all, 0.99));
    }
}

/// <summary>The process and the latencies at one moment of the load.</summary>
internal sealed record SoakPoint(TimeSpan At, double MemoryMb, int Handles, int Threads, Latencies Ingest, Latencies Queries);
