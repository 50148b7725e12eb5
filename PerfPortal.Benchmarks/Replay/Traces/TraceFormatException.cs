namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>A file that is not a trace that can be read. The message is a sentence for the person at the terminal.</summary>
internal sealed class TraceFormatException : Exception
{
    /// <summary>An exception with its sentence.</summary>
    public TraceFormatException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with its sentence and its cause.</summary>
    public TraceFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
