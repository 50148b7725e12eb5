using PerfPortal.Domain.Analysis.Regressions.Causes;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>Holds what was read about each regression, so that figures and causes are read again only every <see cref="Lifetime"/>, when its date changes, and when it ends.</summary>
internal sealed class RegressionStories(SeriesReader series, CauseFinder causes, CompanyReader company)
{
    /// <summary>For how long figures and causes are held.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Compared = TimeSpan.FromDays(1);

    private readonly Dictionary<(MetricType Type, string Name, RegressedMeasure Measure), Story> _stories = [];

    /// <summary>Describes a regression.</summary>
    public async Task<FindingObservation> TellAsync(
        MetricType type, string name, RegressedMeasure measure, Regression regression, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = (type, name, measure);
        if (!_stories.TryGetValue(key, out var story) || DatesOf(story.Regression) != DatesOf(regression) || (regression.Until is null && now - story.ReadAt >= Lifetime))
        {
            story = await ReadAsync(type, name, measure, regression, now, cancellationToken).ConfigureAwait(false);
            _stories[key] = story;
        }

        return RegressionWords.Describe(type, name, measure, regression, story.Figures, story.Causes, story.Company);
    }

    /// <summary>Forgets what ended before a time.</summary>
    public void Forget(DateTimeOffset before)
    {
        foreach (var key in _stories.Where(pair => (pair.Value.Regression.Until ?? pair.Value.ReadAt) < before).Select(pair => pair.Key).ToList())
        {
            _stories.Remove(key);
        }
    }

    private static (DateTimeOffset, DateTimeOffset, DateTimeOffset, DateTimeOffset?) DatesOf(Regression regression) => (regression.Since, regression.Low, regression.High, regression.Until);

    private async Task<Story> ReadAsync(MetricType type, string name, RegressedMeasure measure, Regression regression, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = new SeriesFilter { MetricType = type, Name = name };
        var end = regression.Until is { } until && until > regression.High ? until : now;
        var start = regression.High < end ? regression.High : regression.Since;
        var before = new TimeRange(regression.Low - Compared, regression.Low);
        var after = new TimeRange(start, end > start ? end : start + TimeSpan.FromMinutes(1));
        var then = await series.ReadFiguresAsync(before, filter, StatisticsGrouping.None, cancellationToken).ConfigureAwait(false);
        var since = await series.ReadFiguresAsync(after, filter, StatisticsGrouping.None, cancellationToken).ConfigureAwait(false);
        var change = new Unexplained(type, name, regression.Low, regression.Since, regression.High, before, after);
        var found = await causes.FindAsync(change, cancellationToken).ConfigureAwait(false);
        var running = await company.ReadAsync(change, measure == RegressedMeasure.Failures, cancellationToken).ConfigureAwait(false);
        return new(regression, now, new(then.Total, since.Total), found, running);
    }

    private sealed record Story(Regression Regression, DateTimeOffset ReadAt, BeforeAndAfter Figures, IReadOnlyList<FindingCause> Causes, Company Company);
}
