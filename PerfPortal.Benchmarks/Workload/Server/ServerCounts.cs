namespace PerfPortal.Benchmarks.Workload.Server;

/// <summary>What a server did, since it was started.</summary>
/// <param name="Requests">All requests.</param>
/// <param name="Contents">The requests for the content of a file, those with a fault included.</param>
/// <param name="ContentBytes">The bytes of content sent.</param>
/// <param name="Unavailable">Those answered with 503.</param>
/// <param name="TooMany">Those answered with 429.</param>
/// <param name="Resets">Those whose connection was reset.</param>
/// <param name="Corrupted">Those of which a bit was flipped.</param>
/// <param name="Generations">The requests to generate.</param>
/// <param name="FailedGenerations">Those that failed.</param>
/// <param name="LeakedTokens">The requests to the other host that carried credentials.</param>
internal sealed record ServerCounts(
    long Requests, long Contents, long ContentBytes, long Unavailable, long TooMany, long Resets, long Corrupted, long Generations, long FailedGenerations, long LeakedTokens);

/// <summary>Counts what a server does. Thread-safe.</summary>
internal sealed class ServerCounter
{
    private readonly long[] _counts = new long[Enum.GetValues<ServerCount>().Length];

    /// <summary>The counts so far.</summary>
    public ServerCounts Read() => new(
        this[ServerCount.Requests], this[ServerCount.Contents], this[ServerCount.ContentBytes], this[ServerCount.Unavailable], this[ServerCount.TooMany],
        this[ServerCount.Resets], this[ServerCount.Corrupted], this[ServerCount.Generations], this[ServerCount.FailedGenerations], this[ServerCount.LeakedTokens]);

    /// <summary>Adds to a count and returns it as it was before.</summary>
    public long Add(ServerCount count, long number = 1) => Interlocked.Add(ref _counts[(int)count], number) - number;

    private long this[ServerCount count] => Interlocked.Read(ref _counts[(int)count]);
}

/// <summary>What is counted; see <see cref="ServerCounts"/>.</summary>
internal enum ServerCount
{
    Requests,
    Contents,
    ContentBytes,
    Unavailable,
    TooMany,
    Resets,
    Corrupted,
    Generations,
    FailedGenerations,
    LeakedTokens,
}
