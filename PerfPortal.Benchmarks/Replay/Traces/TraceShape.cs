namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>What a file's rows become in the portal.</summary>
internal enum TraceKind
{
    /// <summary>Finished operations.</summary>
    Operations,

    /// <summary>Resource samples.</summary>
    Samples,

    /// <summary>Nothing: see <see cref="TraceShape.Reason"/>.</summary>
    Nothing,
}

/// <summary>One shape of trace file: it recognises its files and reads their rows.</summary>
internal abstract class TraceShape
{
    /// <summary>What its rows become.</summary>
    public abstract TraceKind Kind { get; }

    /// <summary>Why a file of this shape cannot be replayed; empty for one that can.</summary>
    public virtual string Reason => "";

    /// <summary>Whether this shape reads the file.</summary>
    /// <param name="trace">The file's name without directories and <c>.gz</c>.</param>
    /// <param name="columns">The names in its header.</param>
    public abstract bool Reads(string trace, IReadOnlyCollection<string> columns);

    /// <summary>Reads one row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="source">The source of a row that names no host.</param>
    /// <exception cref="FormatException">A field is not what its column promises.</exception>
    public abstract TraceRow Read(CsvRow row, string source);

    /// <summary>The shape of a file.</summary>
    /// <exception cref="TraceFormatException">No shape reads it.</exception>
    public static TraceShape Of(string trace, IReadOnlyCollection<string> columns)
    {
        foreach (var shape in All)
        {
            if (shape.Reads(trace, columns))
            {
                return shape;
            }
        }

        throw new TraceFormatException(
            $"{trace}: not a trace that is known here (columns: {string.Join(", ", columns)}). " +
            $"Known are: lora_request_trace, {string.Join(", ", LatencyTrace.Names)}, {string.Join(", ", GpuTrace.Names)}.");
    }

    private static readonly TraceShape[] All =
    [
        new LoraRequestTrace(),
        .. LatencyTrace.All,
        .. GpuTrace.All,
        .. UnsuitableTrace.All,
    ];
}
