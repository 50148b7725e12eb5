namespace PerfPortal.Domain.Settings;

/// <summary>The windows of the analysis that can be configured. The figures, the score and what is computed per day cover 24 hours, as their names say.</summary>
public sealed record AnalysisWindows
{
    /// <summary>The default windows.</summary>
    public static AnalysisWindows Default { get; } = new();

    /// <summary>The recent time whose durations are compared with those before. Default 6 h, 1–23 h.</summary>
    public TimeSpan Recent { get; init; } = TimeSpan.FromHours(SettingsCatalog.RecentWindowHours.DefaultNumber);

    /// <summary>The time before <see cref="Recent"/> that it is compared with: whole days, so that it contains every hour of the day equally often. Default 1, 1–7 days.</summary>
    public TimeSpan Baseline { get; init; } = TimeSpan.FromDays(SettingsCatalog.BaselineWindowDays.DefaultNumber);

    /// <summary>The time over which the trends of resources are computed. Default 6 h, 2–24 h.</summary>
    public TimeSpan Trend { get; init; } = TimeSpan.FromHours(SettingsCatalog.TrendWindowHours.DefaultNumber);
}
