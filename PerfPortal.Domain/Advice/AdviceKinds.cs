namespace PerfPortal.Domain.Advice;

/// <summary>The kinds of advice, in their wire names.</summary>
public static class AdviceKinds
{
    /// <summary>Download: the delay before the first retry, in seconds; the caller doubles it with each further one. One item per error category.</summary>
    public const string RetryDelay = "retry_delay";

    /// <summary>Download: the share of retries that succeed, 0–1; one item per error category.</summary>
    public const string RetrySuccess = "retry_success";

    /// <summary>Download: the time without any progress, in seconds, after which an attempt is given up.</summary>
    public const string Timeout = "timeout";

    /// <summary>Download: the number of parallel connections to one host.</summary>
    public const string Connections = "connections";

    /// <summary>
    /// Download: a number of connections whose throughput has not been measured enough. <see cref="AdviceTrial"/> uses it instead of <see cref="Connections"/> for one
    /// download in 8.
    /// </summary>
    public const string ConnectionsTrial = "connections_trial";

    /// <summary>Download: the number of files to download at the same time.</summary>
    public const string Concurrency = "concurrency";

    /// <summary>Download: the share of the bandwidth to use now, 0–1, by the load of the host.</summary>
    public const string BandwidthShare = "bandwidth_share";

    /// <summary>Download: the expected speed in bytes per second.</summary>
    public const string ExpectedSpeed = "expected_speed";

    /// <summary>Download: the expected duration in seconds of a download whose size is known.</summary>
    public const string Eta = "eta";

    /// <summary>Health check: the time between two checks of a model, in seconds.</summary>
    public const string CheckInterval = "check_interval";

    /// <summary>Health check: every how many checks one reads the files whole.</summary>
    public const string FullCheckEvery = "full_check_every";

    /// <summary>Health check: the bytes per second to read now, by the load of the host.</summary>
    public const string ReadRate = "read_rate";

    /// <summary>Health check: the change of the integrity score a day; negative when a model degrades.</summary>
    public const string Degradation = "degradation";

    /// <summary>Health check: the place in the order of repair, from 1; one item per model.</summary>
    public const string RepairRank = "repair_rank";

    /// <summary>Fallback: the place in the order of trying, from 1; one item per alternative.</summary>
    public const string AlternativeRank = "alternative_rank";

    /// <summary>Fallback: the expected time to success in seconds; one item per alternative.</summary>
    public const string ExpectedSeconds = "expected_seconds";

    /// <summary>Fallback: the expected rate of success, 0–1; one item per alternative.</summary>
    public const string ExpectedSuccess = "expected_success";

    /// <summary>Fallback: how long a score stays valid in the cache, in seconds.</summary>
    public const string CacheLifetime = "cache_lifetime";
}
