namespace PerfPortal.Benchmarks.Faults.Attacks;

/// <summary>Requests on which the framework fails where it reads them: a host that is not Punycode, a form in UTF-7.</summary>
internal sealed class UnreadableRequestsAttack : IAttack
{
    private const int Rounds = 200;

    private static readonly string[] Requests =
    [
        "GET / HTTP/1.1\r\nHost: xn--a\r\nOrigin: https://evil.example\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: xn--a\r\nOrigin: https://evil.example\r\nContent-Length: 0\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-7\r\nContent-Length: 3\r\n\r\na=b",
        "POST /operations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-7\r\nContent-Length: 3\r\n\r\na=b",
        "POST /api/v1/performance/operations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json; charset=utf-7\r\nContent-Length: 2\r\n\r\n{}",
    ];

    /// <inheritdoc/>
    public string Name => "requests that the framework cannot read";

    /// <inheritdoc/>
    public IReadOnlyList<int> Allowed => [400];

    /// <inheritdoc/>
    public bool MayBeAnswered => false;

    /// <inheritdoc/>
    public async Task RunAsync(AttackTarget target, CancellationToken cancellationToken)
    {
        for (int round = 0; round < Rounds; round++)
        {
            foreach (string request in Requests)
            {
                target.Count(await RawSocket.SendAsync(target.Portal, request, cancellationToken));
            }
        }
    }
}
