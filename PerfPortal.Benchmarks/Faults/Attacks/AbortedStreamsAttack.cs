namespace PerfPortal.Benchmarks.Faults.Attacks;

/// <summary>Streams, exports and uploads that the client aborts, and streams that name the same topic a thousand times.</summary>
internal sealed class AbortedStreamsAttack : IAttack
{
    private const int Parallel = 100;
    private const int Rounds = 10;
    private const string Host = "Host: 127.0.0.1\r\n";
    private static readonly TimeSpan Life = TimeSpan.FromMilliseconds(500);
    private static readonly string Topics = string.Join(',', Enumerable.Repeat("resources", 15));

    private static readonly string[] Requests =
    [
        $"GET /stream?topics={Topics} HTTP/1.1\r\n{Host}\r\n",
        $"GET /export/operations.csv?window=7d HTTP/1.1\r\n{Host}\r\n",
        $"GET /api/v1/performance/report?window=7d HTTP/1.1\r\n{Host}\r\n",
        $"POST /api/v1/performance/operations/batch HTTP/1.1\r\n{Host}Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n[",
    ];

    /// <inheritdoc/>
    public string Name => "streams, exports and uploads broken off";

    /// <inheritdoc/>
    public IReadOnlyList<int> Allowed => [];

    /// <inheritdoc/>
    public bool MayBeAnswered => true;

    /// <inheritdoc/>
    public async Task RunAsync(AttackTarget target, CancellationToken cancellationToken)
    {
        for (int round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Parallel).Select(i => RawSocket.ResetAsync(target.Portal, Requests[i % Requests.Length], Life, cancellationToken)));
        }

        await target.GetAsync("/readyz", cancellationToken);
    }
}
