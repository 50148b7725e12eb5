using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>The figures of one series, or of several together, over a window. Parts are borrowed and never modified.</summary>
internal sealed class SeriesFigures(SeriesKey key) : IWindowFigures
{
    private readonly List<StatisticsBuilder> _parts = [];

    /// <summary>The series; of several, any one of them.</summary>
    public SeriesKey Key { get; } = key;

    /// <inheritdoc/>
    public long Finished { get; private set; }

    /// <inheritdoc/>
    public long Failed { get; private set; }

    /// <inheritdoc/>
    public long Abandoned { get; private set; }

    /// <summary>Whether there are any operations.</summary>
    public bool IsEmpty => Finished == 0 && Abandoned == 0;

    /// <summary>Adds a part.</summary>
    public void Add(StatisticsBuilder part)
    {
        _parts.Add(part);
        Finished += part.Finished;
        Failed += part.Finished - part.Succeeded;
        Abandoned += part.Abandoned;
    }

    /// <summary>Adds all parts of another one.</summary>
    public void Add(SeriesFigures other)
    {
        _parts.AddRange(other._parts);
        Finished += other.Finished;
        Failed += other.Failed;
        Abandoned += other.Abandoned;
    }

    /// <inheritdoc/>
    public double? Quantile(double q)
    {
        if (_parts.Count == 1)
        {
            return _parts[0].Quantile(q);
        }

        if (_parts.Count == 0)
        {
            return null;
        }

        var all = _parts[0].Clone();
        foreach (var part in _parts.Skip(1))
        {
            all.Merge(part);
        }

        _parts.Clear();
        _parts.Add(all);
        return all.Quantile(q);
    }
}
