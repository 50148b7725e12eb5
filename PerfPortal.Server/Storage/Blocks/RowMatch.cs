using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A filter over operations and a range over their ends, in what blocks hold.</summary>
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

    /// <summary>The first end that passes, µs since 1970.</summary>
    public long FromUs { get; }

    /// <summary>The first end that does not pass any more.</summary>
    public long ToUs { get; }

    /// <summary>The shortest duration that passes, µs.</summary>
    public long MinDuration { get; }

    /// <summary>The longest duration that passes, µs.</summary>
    public long MaxDuration { get; }

    /// <summary>Which series pass.</summary>
    public SeriesMatch Series { get; }

    /// <summary>Whether texts must be read to decide.</summary>
    public bool NeedsText => _text is not null;

    /// <summary>What blocks must look for; <see langword="null"/> when nothing that is stored can pass.</summary>
    public static RowMatch? Of(TimeRange range, OperationFilter filter, NameDirectory directory) =>
        SeriesMatch.Of(filter.Series, directory) is { } series ? new(range, filter, series, directory) : null;

    /// <summary>Whether a block may hold an operation that passes.</summary>
    public bool MayPass(BlockInfo block) =>
        block.Bounds.Overlaps(FromUs, ToUs) && block.Bounds.MaxDuration >= MinDuration && block.Bounds.MinDuration <= MaxDuration && block.MayHold(Series);

    /// <summary>Which series of a block pass; <see langword="null"/> when none does.</summary>
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
    /// Whether an operation of a block may have the text: in an error, or in the name of a series that passes. Without a text to look for, always.
    /// </summary>
    public bool MayHaveText(OperationBlock block)
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

    /// <summary>Whether an end and a duration pass.</summary>
    public bool Passes(long end, long duration) => end >= FromUs && end < ToUs && duration >= MinDuration && duration <= MaxDuration;

    /// <summary>Whether an operation of a block passes, if its series does.</summary>
    public bool Passes(OperationBlock block, int index) => Passes(new BlockPlace(block, index, block.Series[block.SeriesIndex[index]], block.Durations[index], 0));

    /// <summary>Whether an operation passes, if its series does.</summary>
    public bool Passes(BlockPlace place) => Passes(place.End, place.Duration) && (_text is null || HasText(place));

    private bool HasText(BlockPlace place) =>
        _namesWithText!.Contains(place.Series.NameId)
        || place.Block.ErrorMessageAt(place.Index)?.Contains(_text!, StringComparison.OrdinalIgnoreCase) == true
        || place.Block.ErrorTypeAt(place.Index)?.Contains(_text!, StringComparison.OrdinalIgnoreCase) == true;
}
