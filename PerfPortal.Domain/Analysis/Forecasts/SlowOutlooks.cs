using PerfPortal.Domain.Analysis.Series;

namespace PerfPortal.Domain.Analysis.Forecasts;

/// <summary>Forecasts by the last days, which change slowly: each is recomputed after 10 to 19 minutes, so that not all are due in the same minute. Not thread-safe.</summary>
internal sealed class SlowOutlooks
{
    // A host has five resources.
    private const int MaxHeld = 5_000;
    private const int LeastMinutes = 10;

    private readonly Dictionary<(string Host, string Measure), (DateTimeOffset At, ResourceOutlook? Outlook)> _held = [];
    private int _computed;

    /// <summary>Returns the forecast of a resource.</summary>
    public ResourceOutlook? Get(ForecastTarget target, ResourceSeries hours, DateTimeOffset now)
    {
        var key = (hours.Source, target.Measure);
        if (_held.TryGetValue(key, out var held) && now >= held.At - TimeSpan.FromMinutes(2 * LeastMinutes) && now < held.At)
        {
            return held.Outlook;
        }

        if (_held.Count >= MaxHeld)
        {
            _held.Clear();
        }

        var outlook = ResourceOutlook.Slow(target, hours, now);
        _held[key] = (now.AddMinutes(LeastMinutes + (_computed++ % LeastMinutes)), outlook);
        return outlook;
    }
}
