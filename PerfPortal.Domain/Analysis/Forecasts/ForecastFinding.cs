using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Analysis.Forecasts;

/// <summary>Makes a finding of a forecast.</summary>
internal static class ForecastFinding
{
    private const double SecondsPerHour = 3600;

    /// <summary>The time until a resource is exhausted below which a forecast is critical, hours.</summary>
    public const double CriticalHours = 24;

    // A resource that is exhausted costs an hour per hour; one that will be in six hours is half as urgent.
    private const double HalfUrgentHours = 6;
    private const double ThresholdShare = 0.25;

    /// <summary>The finding; <paramref name="latest"/> is the value of the newest sample.</summary>
    public static FindingObservation Of(ForecastTarget target, string host, ResourceOutlook outlook, PendingDownloads downloads, double? latest)
    {
        bool isExhaustion = outlook.Limit.IsExhaustion;
        double urgency = SecondsPerHour * HalfUrgentHours / (HalfUrgentHours + outlook.Median);
        bool isDisk = !target.IsRising;
        return new()
        {
            Kind = FindingKind.Forecast,
            Subject = new(host, null, null, target.Measure),
            Since = outlook.Since,
            SinceLow = outlook.SinceLow < outlook.Since ? outlook.SinceLow : outlook.Since,
            SinceHigh = outlook.SinceHigh > outlook.Since ? outlook.SinceHigh : outlook.Since,
            Size = outlook.Median * SecondsPerHour,
            Unit = "s",
            Confidence = Confidence(outlook),
            Severity = isExhaustion && outlook.Median <= CriticalHours ? Severity.Critical : Severity.Warning,
            Impact = isExhaustion ? urgency : urgency * ThresholdShare,
            Sentence = ForecastWords.Sentence(target, host, outlook, downloads, latest),
            Action = Action(target),
            Evidence =
            [
                new("limit", outlook.Limit.Value, target.Unit),
                new("level", latest ?? outlook.Level, target.Unit),
                new("slope_per_hour", outlook.SlopePerHour, target.Unit + "/h"),
                new("p_value", outlook.PValue, ""),
                new("reached_in_early", outlook.Early * SecondsPerHour, "s"),
                new("reached_in_median", outlook.Median * SecondsPerHour, "s"),
                .. double.IsFinite(outlook.Late) ? [new EvidenceNumber("reached_in_late", outlook.Late * SecondsPerHour, "s")] : Array.Empty<EvidenceNumber>(),
                .. outlook.Sooner is { } sooner
                    ? [new("threshold", sooner.Value, target.Unit), new EvidenceNumber("threshold_reached_in_median", sooner.Median * SecondsPerHour, "s")]
                    : Array.Empty<EvidenceNumber>(),
                .. isDisk && downloads.Count > 0 ? [new EvidenceNumber("downloads_pending", downloads.Gib, "GiB")] : Array.Empty<EvidenceNumber>(),
            ],
        };
    }

    /// <summary>A trend that is more significant, and whose time is narrower, is more certain; never above 0.99.</summary>
    private static double Confidence(ResourceOutlook outlook)
    {
        double spread = double.IsFinite(outlook.Late) ? outlook.Early / outlook.Late : 0;
        return Math.Min(0.99, (1 - outlook.PValue) * (0.7 + (0.3 * spread)));
    }

    private static string Action(ForecastTarget target) => target.Measure switch
    {
        _ when target.Measure == ResourceMetric.MemoryPercent.Info().WireName => "Find the process whose memory grows, and restart it before then.",
        _ when target.Measure == ResourceMetric.GpuMemoryPercent.Info().WireName => "Unload models that are not in use, or find the process whose GPU memory grows.",
        _ when target.Measure == ResourceMetric.CpuPercent.Info().WireName => "Move load to another host, or add processors, before then.",
        _ => "Delete what is no longer needed, or move it to another disk.",
    };
}
