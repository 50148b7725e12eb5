using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Faults.Attacks;

/// <summary>An attempt by one client to stop or overload the portal.</summary>
internal interface IAttack
{
    /// <summary>What it does, in a few words.</summary>
    string Name { get; }

    /// <summary>The acceptable statuses besides 2xx; none for an attack whose requests are all rejected.</summary>
    IReadOnlyList<int> Allowed { get; }

    /// <summary>Whether 2xx is acceptable: not for requests that must be rejected.</summary>
    bool MayBeAnswered { get; }

    /// <summary>Runs it at full size and counts every response.</summary>
    Task RunAsync(AttackTarget target, CancellationToken cancellationToken);
}

/// <summary>The attacks, in the order in which they run. Add new ones here.</summary>
internal static class AttackList
{
    /// <summary>All attacks.</summary>
    public static IReadOnlyList<IAttack> All { get; } = [new HeavyReadsAttack(), new RandomSourcesAttack(), new CrossSiteAttack(), new UnreadableRequestsAttack(), new AbortedStreamsAttack()];
}

/// <summary>The target of an attack, and its responses by status.</summary>
internal sealed class AttackTarget(PortalProcess portal, HttpClient http)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, int> _answers = [];

    /// <summary>The portal.</summary>
    public PortalProcess Portal => portal;

    /// <summary>The responses by status; 0 means no response.</summary>
    public IReadOnlyDictionary<int, int> Answers => _answers;

    /// <summary>Counts an answer.</summary>
    public void Count(int status)
    {
        lock (_lock)
        {
            _answers[status] = _answers.GetValueOrDefault(status) + 1;
        }
    }

    /// <summary>Sends a GET, reads the answer to its end and counts it.</summary>
    public async Task GetAsync(string path, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await answer.Content.CopyToAsync(Stream.Null, cancellationToken);
            Count((int)answer.StatusCode);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Count(0);
        }
    }
}
