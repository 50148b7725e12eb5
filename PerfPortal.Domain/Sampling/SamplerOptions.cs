namespace PerfPortal.Domain.Sampling;

/// <summary>How the host that the portal runs on is sampled.</summary>
public sealed record SamplerOptions
{
    /// <summary>The shortest interval that is accepted: one second.</summary>
    public static TimeSpan MinInterval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest interval that is accepted: one day.</summary>
    public static TimeSpan MaxInterval { get; } = TimeSpan.FromDays(1);

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(30);

    /// <summary>The host's name in every sample. Default: the machine's name.</summary>
    public string Source { get; init; } = Environment.MachineName;

    /// <summary>The time from one sample to the next while nobody watches. Default 30 s, from 1 s to a day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside that range.</exception>
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

    /// <summary>The directory whose disk is the one that <c>disk_percent</c> speaks of; it need not exist yet. Default: the current directory.</summary>
    public string DataDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Whether graphics processors are read. Default: yes.</summary>
    public bool EnableGpu { get; init; } = true;
}
