namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>Files that are known, but hold neither operations with a duration nor resource samples. They are skipped with the reason.</summary>
internal sealed class UnsuitableTrace : TraceShape
{
    private readonly Func<string, IReadOnlyCollection<string>, bool> _reads;

    private UnsuitableTrace(string reason, Func<string, IReadOnlyCollection<string>, bool> reads)
    {
        Reason = reason;
        _reads = reads;
    }

    /// <summary>One shape for each reason.</summary>
    public static IReadOnlyList<UnsuitableTrace> All { get; } =
    [
        new("its requests have no duration, only token counts", (_, columns) => columns.Contains("ContextTokens")),
        new("it holds request rates, not operations", (trace, _) => trace.Contains("genai_qps", StringComparison.OrdinalIgnoreCase)),
        new("it holds queue lengths, not operations", (trace, _) => trace.Contains("queue_size", StringComparison.OrdinalIgnoreCase)),
    ];

    /// <inheritdoc/>
    public override TraceKind Kind => TraceKind.Nothing;

    /// <inheritdoc/>
    public override string Reason { get; }

    /// <inheritdoc/>
    public override bool Reads(string trace, IReadOnlyCollection<string> columns) => _reads(trace, columns);

    /// <inheritdoc/>
    public override TraceRow Read(CsvRow row, string source) => new SkippedRow(Reason);
}
