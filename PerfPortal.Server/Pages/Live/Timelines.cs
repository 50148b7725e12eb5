using PerfPortal.Domain.Operations;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Pages.Live;

/// <summary>How the timeline looks.</summary>
internal static class Timelines
{
    /// <summary>The lowest row with space for a name, in pixels.</summary>
    public const int NamedRow = 16;

    /// <summary>The outcomes in the order of the legend.</summary>
    public static IReadOnlyList<OperationStatus> Outcomes { get; } =
        [OperationStatus.Running, OperationStatus.Succeeded, OperationStatus.Failed, OperationStatus.Cancelled, OperationStatus.Abandoned];

    /// <summary>The height of a row: the more rows, the lower.</summary>
    public static int RowHeight(IReadOnlyList<TimelineLane> lanes) => lanes.Sum(lane => lane.Rows) switch { <= 24 => 18, <= 48 => 12, <= 96 => 8, _ => 5 };

    /// <summary>The height of a lane; at least one line of text.</summary>
    public static int LaneHeight(TimelineLane lane, int rowHeight) => Math.Max(18, lane.Rows * rowHeight);

    /// <summary>The name of a source, shortened to fit beside its lane. The first label of a host name identifies it; other long names are cut in the middle.</summary>
    public static string Label(string source)
    {
        const int Max = 24;
        int dot = source.IndexOf('.', StringComparison.Ordinal);
        return source.Length > Max && dot is > 0 and < Max ? source[..dot] + "…" : MiddleCut.Of(source, Max);
    }

    /// <summary>The word for an outcome.</summary>
    public static string Word(OperationStatus status) => status.ToString();
}
