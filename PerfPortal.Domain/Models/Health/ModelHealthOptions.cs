using PerfPortal.Domain.Advice;

namespace PerfPortal.Domain.Models.Health;

/// <summary>How a <see cref="ModelHealthMonitor"/> works.</summary>
public sealed record ModelHealthOptions
{
    /// <summary>The bytes that a check reads before it notes between two files what it knows, so that a killed one is not begun again from the first file; above 0. 1 GiB by default.</summary>
    internal long CheckpointBytes { get; init; } = 1L << 30;

    /// <summary>The directories that are searched for models; those that do not exist are skipped.</summary>
    public required IReadOnlyList<string> Directories { get; init; }

    /// <summary>The directory for the monitor's own state; it keeps files in <c>health</c> below it.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The source of the operations, at most 200 characters; <see langword="null"/> for that of the tracker.</summary>
    public string? Source { get; init; }

    /// <summary>The directories below each other that are searched, 0–32.</summary>
    public int MaxDepth { get; init; } = 8;

    /// <summary>The models that are watched, 1–10,000; further ones are left out with a log line.</summary>
    public int MaxModels { get; init; } = 1_000;

    /// <summary>The files of a model, 1–100,000; further ones are left out.</summary>
    public int MaxFiles { get; init; } = 10_000;

    /// <summary>N, 1–1,000: a sampled check reads 1/N of every file, and any N checks in a row read all of it, so that a silent change is found within N checks.</summary>
    public int Rotation { get; init; } = 25;

    /// <summary>The time between two checks of a model without advice, at least a minute, by default the safe default of advice: a day. A model in use is checked sooner.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(DefaultOf(AdviceKinds.CheckInterval));

    /// <summary>Every how many checks one reads every byte, without advice; at least 1, by default the safe default of advice: 25.</summary>
    public int FullCheckEvery { get; init; } = (int)DefaultOf(AdviceKinds.FullCheckEvery);

    /// <summary>The rate of scheduled checks in bytes per second without advice, above 0, by default the safe default of advice: 200 MB/s.</summary>
    public double ReadRate { get; init; } = DefaultOf(AdviceKinds.ReadRate);

    /// <summary>The rate of all checks together in bytes per second, also of those that somebody asked for, above 0; <see langword="null"/> for no limit but that of scheduled ones.</summary>
    public double? MaxReadRate { get; init; }

    /// <summary>The time between two searches for new models, at least a second.</summary>
    public TimeSpan ScanInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        Require(MaxDepth is >= 0 and <= 32, nameof(MaxDepth), "between 0 and 32");
        Require(MaxModels is >= 1 and <= 10_000, nameof(MaxModels), "between 1 and 10,000");
        Require(MaxFiles is >= 1 and <= 100_000, nameof(MaxFiles), "between 1 and 100,000");
        Require(Rotation is >= 1 and <= 1_000, nameof(Rotation), "between 1 and 1,000");
        Require(CheckInterval >= TimeSpan.FromMinutes(1), nameof(CheckInterval), "at least a minute");
        Require(FullCheckEvery >= 1, nameof(FullCheckEvery), "at least 1");
        Require(ReadRate > 0, nameof(ReadRate), "above 0");
        Require(MaxReadRate is null or > 0, nameof(MaxReadRate), "above 0");
        Require(ScanInterval >= TimeSpan.FromSeconds(1), nameof(ScanInterval), "at least a second");
        Require(!string.IsNullOrWhiteSpace(StateDirectory), nameof(StateDirectory), "a path");
    }

    private static double DefaultOf(string kind) => AdviceCatalog.DefaultOf(kind)!.Value;

    private static void Require(bool holds, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name} must be {range}.", name);
        }
    }
}
