using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Faults.Attacks;

/// <summary>Something that one client does to stop or fill the portal.</summary>
internal interface IAttack
{
    /// <summary>What it does, in a few words.</summary>
    string Name { get; }

    /// <summary>The statuses with which it may be answered besides 2xx; none for an attack whose requests are refused altogether.</summary>
    IReadOnlyList<int> Allowed { get; }

    /// <summary>Whether a 2xx is right: not for requests that must be refused.</summary>
    bool MayBeAnswered { get; }

    /// <summary>Carries it out at full size and counts every answer.</summary>
    Task RunAsync(AttackTarget target, CancellationToken cancellationToken);
}

/// <summary>The attacks, in the order in which they are carried out. A new one is added here.</summary>
internal static class AttackList
{
    /// <summary>All attacks.</summary>
    public static IReadOnlyList<IAttack> All { get; } = [new HeavyReadsAttack(), new RandomSourcesAttack(), new CrossSiteAttack(), new UnreadableRequestsAttack(), new AbortedStreamsAttack()];
}

/// <summary>What an attack is directed at, and how often it was answered with what.</summary>
internal sealed class AttackTarget(PortalProcess portal, HttpClient http)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, int> _answers = [];

    /// <summary>The portal.</summary>
    public PortalProcess Portal => portal;

    /// <summary>The answers by status; 0 is none.</summary>
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
