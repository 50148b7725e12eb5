namespace PerfPortal.Benchmarks.Faults.Attacks;

/// <summary>What a page of another site makes a browser load from the portal in the background, and what a proxy in front of it passes on.</summary>
internal sealed class CrossSiteAttack : IAttack
{
    private const int Rounds = 50;

    private static readonly (string Name, string Value)[][] Disguises =
    [
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")],
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")],
        [("Host", "evil.example")], [("Via", "1.1 proxy")], [("X-Real-IP", "192.0.2.1")], [("CF-Connecting-IP", "192.0.2.1")], [("CDN-Loop", "cloudflare")], [("True-Client-IP", "192.0.2.1")],
    ];

    /// <inheritdoc/>
    public string Name => "requests of other sites and through a proxy";

    /// <inheritdoc/>
    public IReadOnlyList<int> Allowed => [403];

    /// <inheritdoc/>
    public bool MayBeAnswered => false;

    /// <inheritdoc/>
    public async Task RunAsync(AttackTarget target, CancellationToken cancellationToken)
    {
        for (int round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(Disguises.Select(headers => target.GetAsync("/api/v1/performance/compare?window=7d", cancellationToken, headers)));
        }
    }
}
