using PerfPortal.Domain.Client;

namespace PerfPortal.Benchmarks.Workload.Running;

/// <summary>Where a workload reports to, and for how long it runs.</summary>
internal sealed record WorkloadOptions
{
    /// <summary>The source of its operations by default.</summary>
    public const string DefaultSource = "workload";

    /// <summary>The portal, for example <c>http://localhost:5080</c>.</summary>
    public required Uri Portal { get; init; }

    /// <summary>An API key with the scope <c>report</c>; <see langword="null"/> for none.</summary>
    public string? Key { get; init; }

    /// <summary>The source of its operations.</summary>
    public string Source { get; init; } = DefaultSource;

    /// <summary>What models, faults and choices are calculated from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The port of its server on 127.0.0.1; 0 for a free one, which is also taken when another program has that port.</summary>
    public int ServerPort { get; init; }

    /// <summary>How long it runs; <see langword="null"/> until it is stopped.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>How much shorter its pauses are than they are for people, above 0.</summary>
    public double Haste { get; init; } = 1;

    /// <summary>The time between two lines about what was done.</summary>
    public TimeSpan TellEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How it reports.</summary>
    public PortalClientOptions Client => new() { Address = Portal, Key = Key, Source = Source };
}
