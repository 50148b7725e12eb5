namespace PerfPortal.Benchmarks.Replay;

/// <summary>What is to be replayed, and where to.</summary>
internal sealed record ReplayOptions
{
    /// <summary>The source of operations whose trace names no host.</summary>
    public const string DefaultSource = "genai-api";

    /// <summary>The trace files, in the order in which they are sent.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The portal's root, for example <c>http://localhost:5080</c>.</summary>
    public required Uri Portal { get; init; }

    /// <summary>Whether all times are moved by one constant, so that the newest end lies a second ago.</summary>
    public bool EndingNow { get; init; }

    /// <summary>Rows a request, 1–10,000; 500 by default.</summary>
    public int Batch { get; init; } = 500;

    /// <summary>The most rows read of each file; all of them by default.</summary>
    public long Limit { get; init; } = long.MaxValue;

    /// <summary>An API key with the scope <c>report</c>; none by default.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The source of rows that name no host; <c>genai-api</c> by default.</summary>
    public string Source { get; init; } = DefaultSource;

    /// <summary>Whether files of resource samples are sent too.</summary>
    public bool Resources { get; init; }
}
