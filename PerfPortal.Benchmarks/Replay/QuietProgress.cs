namespace PerfPortal.Benchmarks.Replay;

/// <summary>No progress at all: for scripts.</summary>
internal sealed class QuietProgress : IReplayProgress
{
    /// <inheritdoc/>
    public void Begin(long total)
    {
    }

    /// <inheritdoc/>
    public void Advance(long rows)
    {
    }

    /// <inheritdoc/>
    public void End()
    {
    }

    /// <inheritdoc/>
    public void Notice(string sentence)
    {
    }
}
