namespace PerfPortal.Benchmarks.Replay;

/// <summary>The portal could not be reached or refused a request for good. The message is a sentence for the person at the terminal.</summary>
internal sealed class PortalException : Exception
{
    /// <summary>An exception with its sentence.</summary>
    public PortalException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with its sentence and its cause.</summary>
    public PortalException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
