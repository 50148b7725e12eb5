namespace PerfPortal.Domain.Sampling;

/// <summary>The options for sampling the host of the portal.</summary>
public sealed record SamplerOptions
{
    /// <summary>The minimum interval: one second.</summary>
    public static TimeSpan MinInterval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The maximum interval: one day.</summary>
    public static TimeSpan MaxInterval { get; } = TimeSpan.FromDays(1);

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(30);

    /// <summary>The host name in every sample. Default: the machine name.</summary>
    public string Source { get; init; } = Environment.MachineName;

    /// <summary>The sampling interval while the sampler is not watched. Default 30 s, from 1 s to one day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public TimeSpan Interval
    {
        get => _interval;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, MinInterval);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxInterval);
            _interval = value;
        }
    }

    /// <summary>The directory whose disk <c>disk_percent</c> refers to; it does not have to exist. Default: the current directory.</summary>
    public string DataDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Whether GPUs are read. Default: yes.</summary>
    public bool EnableGpu { get; init; } = true;
}
