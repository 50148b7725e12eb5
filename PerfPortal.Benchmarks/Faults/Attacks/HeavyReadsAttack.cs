namespace PerfPortal.Benchmarks.Faults.Attacks;

/// <summary>Twenty of each expensive read at once, over the whole range, repeatedly.</summary>
internal sealed class HeavyReadsAttack : IAttack
{
    private const int Parallel = 20;
    private const int Rounds = 5;

    private static readonly string[] Paths =
    [
        "/api/v1/performance/compare?window=7d", "/api/v1/performance/report?window=7d", "/api/v1/performance/report?window=7d&format=html", "/api/v1/performance/benchmarks?window=7d",
        "/export/operations.csv?window=7d", "/export/operations.json?window=7d", "/api/v1/performance/metrics/model_operation?window=7d&q=nothing&limit=1000",
        "/compare?window=7d", "/report?window=7d",
    ];

    /// <inheritdoc/>
    public string Name => "heavy reads, 20 of each kind at once";

    /// <inheritdoc/>
    public IReadOnlyList<int> Allowed => [429];

    /// <inheritdoc/>
    public bool MayBeAnswered => true;

    /// <inheritdoc/>
    public async Task RunAsync(AttackTarget target, CancellationToken cancellationToken)
    {
        foreach (string path in Paths)
        {
            for (int round = 0; round < Rounds; round++)
            {
                await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => target.GetAsync(path, cancellationToken)));
            }
        }
    }
}
