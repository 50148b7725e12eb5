using PerfPortal.Benchmarks.Workload.Models;

namespace PerfPortal.Benchmarks.Workload.Server;

/// <summary>What a <see cref="LocalModelServer"/> serves, and how badly.</summary>
internal sealed record LocalModelServerOptions
{
    /// <summary>The models, with different repositories.</summary>
    public required IReadOnlyList<ServedModel> Models { get; init; }

    /// <summary>What models and faults are calculated from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The port on 127.0.0.1; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The token that the repository asks for, as <c>Authorization: Bearer …</c>; <see langword="null"/> for none.</summary>
    public string? Token { get; init; }

    /// <summary>Whether large files are redirected to another host name, <c>localhost</c>, where the token must not be sent.</summary>
    public bool RedirectsToOtherHost { get; init; }

    /// <summary>The most files in one page of a listing, at least 1; the next one is in the <c>Link</c> header.</summary>
    public int TreePage { get; init; } = 1_000;

    /// <summary>What goes wrong at first; can be changed while it runs.</summary>
    public ServerFaults Faults { get; init; } = new();

    /// <summary>How the models answer to <c>/generate/{model}</c> at first, by model name.</summary>
    public IReadOnlyDictionary<string, GenerationBehaviour> Generation { get; init; } = new Dictionary<string, GenerationBehaviour>();
}

/// <summary>What goes wrong with requests for the content of files. The shares exclude each other and add up to at most 1.</summary>
internal sealed record ServerFaults
{
    /// <summary>The most bytes per second over one connection; <see langword="null"/> for no limit.</summary>
    public long? BytesPerSecondPerConnection { get; init; }

    /// <summary>The share that is answered with 503.</summary>
    public double UnavailableShare { get; init; }

    /// <summary>The share that is answered with 429 and <see cref="RetryAfter"/>.</summary>
    public double TooManyShare { get; init; }

    /// <summary>The seconds that a 429 asks to wait.</summary>
    public int RetryAfter { get; init; } = 1;

    /// <summary>The share whose connection is reset within the body.</summary>
    public double ResetShare { get; init; }

    /// <summary>The share of which one bit is flipped.</summary>
    public double CorruptShare { get; init; }

    /// <summary>Checks the shares.</summary>
    /// <exception cref="ArgumentException">A share is not from 0 to 1, all together are above 1, or the limit is below 1.</exception>
    public void Check()
    {
        double[] shares = [UnavailableShare, TooManyShare, ResetShare, CorruptShare];
        if (shares.Any(share => !(share is >= 0 and <= 1)) || shares.Sum() > 1 + 1e-9)
        {
            throw new ArgumentException("Every share must be from 0 to 1, and all together at most 1.");
        }

        if (BytesPerSecondPerConnection < 1 || RetryAfter < 0)
        {
            throw new ArgumentException("BytesPerSecondPerConnection must be at least 1, and RetryAfter at least 0.");
        }
    }
}

/// <summary>How a model answers.</summary>
/// <param name="Delay">How long it takes.</param>
/// <param name="FailureShare">The share of requests that fail with 503, 0–1.</param>
/// <param name="Spread">By how much of the delay it may take longer, at least 0; evenly distributed.</param>
internal sealed record GenerationBehaviour(TimeSpan Delay, double FailureShare = 0, double Spread = 0);
