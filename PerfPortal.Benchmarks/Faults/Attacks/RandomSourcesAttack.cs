namespace PerfPortal.Benchmarks.Faults.Attacks;

/// <summary>Dashboards of unknown sources, 50 at once, through the API and as pages.</summary>
internal sealed class RandomSourcesAttack : IAttack
{
    private const int Parallel = 50;
    private const int Rounds = 40;
    private const int PageRounds = 2;

    /// <inheritdoc/>
    public string Name => "dashboards of invented sources, 50 at once";

    /// <inheritdoc/>
    public IReadOnlyList<int> Allowed => [429];

    /// <inheritdoc/>
    public bool MayBeAnswered => true;

    /// <inheritdoc/>
    public async Task RunAsync(AttackTarget target, CancellationToken cancellationToken)
    {
        for (int round = 0; round < Rounds; round++)
        {
            string path = round < PageRounds ? "/?source=" : "/api/v1/performance/dashboard?source=";
            await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => target.GetAsync(path + Guid.NewGuid().ToString("N"), cancellationToken)));
        }
    }
}
