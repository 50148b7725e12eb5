namespace PerfPortal.Domain.Advice.History;

/// <summary>What advice remembers of an ended operation; immutable. Of cancelled and abandoned operations nothing is learned.</summary>
public abstract record PastOperation
{
    /// <summary>The id of the operation.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose operation it was.</summary>
    public required HistoryKey Key { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>Whether it succeeded; otherwise it failed.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>How long it took, at least 0.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether it followed advice (<see cref="AdviceFacts.Arm"/>); <see langword="null"/> when it did not say.</summary>
    public bool? Advised { get; init; }
}

/// <summary>The operations that belong together.</summary>
/// <param name="Source">Who reported them.</param>
/// <param name="Name">Their name.</param>
/// <param name="Host">Download: the host that served them, in lower case, with the port when it is not the usual one; otherwise empty.</param>
public readonly record struct HistoryKey(string Source, string Name, string Host)
{
    /// <summary>Whether the operations were loaded from a host. A host without a port is meant with any port.</summary>
    public bool IsFrom(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return Host.Equals(host, StringComparison.OrdinalIgnoreCase)
            || (Host.Length > host.Length && Host[host.Length] == ':' && Host.AsSpan(0, host.Length).Equals(host, StringComparison.OrdinalIgnoreCase) && Host.LastIndexOf(':') == host.Length);
    }
}

/// <summary>A download.</summary>
public sealed record PastDownload : PastOperation
{
    /// <summary>The bytes received; <see langword="null"/> when not reported.</summary>
    public double? Bytes { get; init; }

    /// <summary>The bytes of all its files; <see langword="null"/> when not reported.</summary>
    public double? Total { get; init; }

    /// <summary>The reported speed in bytes per second, else the bytes by the duration; <see langword="null"/> when neither is known.</summary>
    public double? Speed { get; init; }

    /// <summary>The parallel connections chosen for it, 1–64.</summary>
    public int? Connections { get; init; }

    /// <summary>The files at the same time chosen for it, 1–64.</summary>
    public int? Concurrency { get; init; }

    /// <summary>The files loaded, at least 1; <see langword="null"/> when not reported.</summary>
    public int? Files { get; init; }

    /// <summary>The longest time without progress from which it recovered, in seconds.</summary>
    public double? LongestStall { get; init; }

    /// <summary>The category of the error of a failed download.</summary>
    public string? ErrorCategory { get; init; }

    /// <summary>The retries in order.</summary>
    public IReadOnlyList<PastRetry> Retries { get; init; } = [];
}

/// <summary>A retry of a download.</summary>
/// <param name="Category">The error category before it.</param>
/// <param name="Delay">The delay before it in seconds, at least 0.</param>
/// <param name="Succeeded">Whether it succeeded.</param>
public readonly record struct PastRetry(string Category, double Delay, bool Succeeded);

/// <summary>A health check.</summary>
public sealed record PastCheck : PastOperation
{
    /// <summary>The integrity score, 0–1; <see langword="null"/> when not reported.</summary>
    public double? Score { get; init; }

    /// <summary>Whether corruption was found; <see langword="null"/> when not reported.</summary>
    public bool? Corrupted { get; init; }

    /// <summary>Whether every byte was read; <see langword="null"/> when not reported.</summary>
    public bool? IsFull { get; init; }

    /// <summary>The bytes read; <see langword="null"/> when not reported.</summary>
    public double? Bytes { get; init; }

    /// <summary>Whether somebody asked for it, so that it was not due.</summary>
    public bool IsRequested { get; init; }
}

/// <summary>A fallback.</summary>
public sealed record PastFallback : PastOperation
{
    /// <summary>The alternatives tried, in order. Without them, the one chosen counts as tried.</summary>
    public IReadOnlyList<PastAttempt> Attempts { get; init; } = [];

    /// <summary>The alternative chosen.</summary>
    public string? Chosen { get; init; }

    /// <summary>The compatibility score of the one chosen, 0–1.</summary>
    public double? Score { get; init; }
}

/// <summary>An attempt of a fallback.</summary>
/// <param name="Alternative">The alternative.</param>
/// <param name="Seconds">How long it took, at least 0.</param>
/// <param name="Succeeded">Whether it succeeded.</param>
public readonly record struct PastAttempt(string Alternative, double Seconds, bool Succeeded);
