using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>An operation filter and a range of end times, translated to the ids stored in blocks.</summary>
internal sealed class RowMatch
{
    private readonly string? _text;
    private readonly HashSet<int>? _namesWithText;

    private RowMatch(TimeRange range, OperationFilter filter, SeriesMatch series, NameDirectory directory)
    {
        FromUs = range.From.ToMicroseconds();
        ToUs = range.To.ToMicroseconds();
        Series = series;
        MinDuration = filter.MinDuration?.ToMicroseconds() ?? long.MinValue;
        MaxDuration = filter.MaxDuration?.ToMicroseconds() ?? long.MaxValue;
        if (!string.IsNullOrEmpty(filter.Text))
        {
            _text = filter.Text;
            _namesWithText = [.. directory.Names.All.Where(name => name.Contains(_text, StringComparison.OrdinalIgnoreCase)).Select(name => directory.Names.Find(name)).OfType<int>()];
        }
    }

    /// <summary>The inclusive start of the range of end times, µs since 1970.</summary>
    public long FromUs { get; }

    /// <summary>The exclusive end of the range of end times, µs since 1970.</summary>
    public long ToUs { get; }

    /// <summary>The minimum duration, µs.</summary>
    public long MinDuration { get; }

    /// <summary>The maximum duration, µs.</summary>
    public long MaxDuration { get; }

    /// <summary>The series filter.</summary>
    public SeriesMatch Series { get; }

    /// <summary>Whether the filter requires reading texts.</summary>
    public bool NeedsText => _text is not null;

    /// <summary>Translates a filter; <see langword="null"/> if nothing stored can match.</summary>
    public static RowMatch? Of(TimeRange range, OperationFilter filter, NameDirectory directory) =>
        SeriesMatch.Of(filter.Series, directory) is { } series ? new(range, filter, series, directory) : null;

    /// <summary>Whether a block may contain a matching operation.</summary>
    public bool MayPass(BlockInfo block) =>
        block.Bounds.Overlaps(FromUs, ToUs) && block.Bounds.MaxDuration >= MinDuration && block.Bounds.MinDuration <= MaxDuration && block.MayContain(Series);

    /// <summary>Returns which series of a block match; <see langword="null"/> if none does.</summary>
    public bool[]? SeriesOf(IReadOnlyList<BlockSeries> series)
    {
        bool[] passes = new bool[series.Count];
        bool any = false;
        for (int i = 0; i < passes.Length; i++)
        {
            any |= passes[i] = Series.Passes(series[i]);
        }

        return any ? passes : null;
    }

    /// <summary>
    /// Whether an operation of a block may contain the text, in an error or in the name of a matching series. Always true if the filter has no text.
    /// </summary>
    public bool MayContainText(OperationBlock block)
    {
        if (_text is null || block.HasError(_text))
        {
            return true;
        }

        foreach (var series in block.Series)
        {
            if (_namesWithText!.Contains(series.NameId) && Series.Passes(series))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an end time and a duration match.</summary>
    public bool Passes(long end, long duration) => end >= FromUs && end < ToUs && duration >= MinDuration && duration <= MaxDuration;

    /// <summary>Whether an operation of a block matches, assuming its series does.</summary>
    public bool Passes(OperationBlock block, int index) => Passes(new BlockPlace(block, index, block.Series[block.SeriesIndex[index]], block.Durations[index], 0));

    /// <summary>Whether an operation matches, assuming its series does.</summary>
    public bool Passes(BlockPlace place) => Passes(place.End, place.Duration) && (_text is null || HasText(place));

    private bool HasText(BlockPlace place) =>
        _namesWithText!.Contains(place.Series.NameId)
        || place.Block.ErrorMessageAt(place.Index)?.Contains(_text!, StringComparison.OrdinalIgnoreCase) == true
        || place.Block.ErrorTypeAt(place.Index)?.Contains(_text!, StringComparison.OrdinalIgnoreCase) == true;
}
