using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Downloads.Errors;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>The advice for one download as the numbers that it uses, each within its bounds.</summary>
internal sealed record DownloadAdvice
{
    /// <summary>The most connections of one download.</summary>
    public const int MaxConnections = 16;

    private const int MaxConcurrency = 16;
    private const double MaxDelaySeconds = 300;
    private const double HopelessShare = 0.05;

    private static readonly Dictionary<DownloadErrorCategory, double> DefaultDelays = new()
    {
        [DownloadErrorCategory.Network] = 0.5,
        [DownloadErrorCategory.Server] = 1,
        [DownloadErrorCategory.RateLimit] = 5,
    };

    private readonly Dictionary<string, double> _delays = [];
    private readonly HashSet<string> _hopeless = [];

    /// <summary>The connections to use, 1 to <see cref="MaxConnections"/>.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>The files to load at the same time, 1–16.</summary>
    public int Concurrency { get; init; } = 2;

    /// <summary>How long an attempt may be without progress, 1 s to 10 min.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of the allowed bandwidth to use now, above 0 up to 1.</summary>
    public double BandwidthShare { get; init; } = 1;

    /// <summary>What the operation reports as <see cref="AdviceFacts.Arm"/>.</summary>
    public string Arm { get; init; } = AdviceFacts.Default;

    /// <summary>Reads advice.</summary>
    /// <param name="items">The advice.</param>
    /// <param name="useDefaults">Whether to use the safe defaults although something was learned.</param>
    public static DownloadAdvice Of(IReadOnlyList<AdviceItem> items, bool useDefaults)
    {
        double? ValueOf(string kind) => items.FirstOrDefault(item => item.Kind == kind) is { } item ? Choose(item, useDefaults) : null;
        var none = new DownloadAdvice();
        var advice = none with
        {
            Connections = (int)Math.Clamp(ValueOf(AdviceKinds.Connections) ?? none.Connections, 1, MaxConnections),
            Concurrency = (int)Math.Clamp(ValueOf(AdviceKinds.Concurrency) ?? none.Concurrency, 1, MaxConcurrency),
            StallTimeout = TimeSpan.FromSeconds(Math.Clamp(ValueOf(AdviceKinds.Timeout) ?? none.StallTimeout.TotalSeconds, 1, 600)),
            BandwidthShare = Math.Clamp(ValueOf(AdviceKinds.BandwidthShare) ?? 1, 0.01, 1),
            Arm = !useDefaults && items.Any(item => item.IsLearned) ? AdviceFacts.Advised : AdviceFacts.Default,
        };
        foreach (var item in items.Where(item => item.Subject is not null))
        {
            advice.AddRetry(item, useDefaults);
        }

        return advice;
    }

    /// <summary>The mean delay before the first retry after a failure.</summary>
    public TimeSpan DelayAfter(DownloadErrorCategory category) =>
        TimeSpan.FromSeconds(_delays.TryGetValue(category.WireName(), out double seconds) ? seconds : DefaultDelays.GetValueOrDefault(category, 1));

    /// <summary>Whether, by what was learned, retries after such a failure hardly ever succeed.</summary>
    public bool IsHopeless(DownloadErrorCategory category) => _hopeless.Contains(category.WireName());

    private void AddRetry(AdviceItem item, bool useDefaults)
    {
        if (item.Kind == AdviceKinds.RetryDelay && Choose(item, useDefaults) is { } seconds)
        {
            _delays[item.Subject!] = Math.Clamp(seconds, 0, MaxDelaySeconds);
        }
        else if (item.Kind == AdviceKinds.RetrySuccess && item.IsLearned && !useDefaults && item.Value < HopelessShare)
        {
            _hopeless.Add(item.Subject!);
        }
    }

    private static double? Choose(AdviceItem item, bool useDefaults) =>
        (useDefaults ? item.SafeDefault : item.Value ?? item.SafeDefault) is { } value && double.IsFinite(value) ? value : null;
}
