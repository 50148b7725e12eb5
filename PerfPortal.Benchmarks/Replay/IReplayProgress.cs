namespace PerfPortal.Benchmarks.Replay;

/// <summary>Where a replay shows how far it is.</summary>
internal interface IReplayProgress
{
    /// <summary>The replay begins.</summary>
    /// <param name="total">Rows to come.</param>
    void Begin(long total);

    /// <summary>Rows were dealt with.</summary>
    void Advance(long rows);

    /// <summary>The replay is over.</summary>
    void End();

    /// <summary>Something that the person should know at once, such as a wait.</summary>
    void Notice(string sentence);
}
