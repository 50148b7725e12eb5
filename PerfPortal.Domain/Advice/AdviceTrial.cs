namespace PerfPortal.Domain.Advice;

/// <summary>
/// Asks for advice and decides by chance whether an operation follows it, so that its effect can be measured: of the operations for which something was learned, one in 8 uses
/// the safe defaults, one in 8 tries a number of connections that has not been measured enough, and one in 8 such a number of files at the same time, where there is one. Thread-safe.
/// </summary>
public sealed class AdviceTrial
{
    /// <summary>The share of operations that use the safe defaults although something was learned: 1 in 8.</summary>
    public const double DefaultShare = 0.125;

    /// <summary>The share of operations that try a level of one kind: 1 in 8.</summary>
    public const double TrialShare = 0.125;

    private readonly IAdviser _adviser;
    private readonly Func<double> _draw;

    /// <summary>Creates a trial.</summary>
    /// <param name="adviser">Who is asked.</param>
    /// <param name="random">The source of chance; <see langword="null"/> for the shared one.</param>
    public AdviceTrial(IAdviser adviser, Random? random = null)
        : this(adviser, random is null ? Random.Shared.NextDouble : OneAtATime(random))
    {
    }

    /// <summary>Creates a trial.</summary>
    /// <param name="adviser">Who is asked.</param>
    /// <param name="draw">Returns a random number, at least 0 and below 1; must be thread-safe.</param>
    public AdviceTrial(IAdviser adviser, Func<double> draw) => (_adviser, _draw) = (adviser, draw);

    /// <summary>Asks for advice and returns the values that the next operation uses, with the arm that it reports.</summary>
    /// <exception cref="OperationCanceledException">The question was cancelled.</exception>
    public async ValueTask<AdviceSet> ChooseAsync(AdviceQuestion question, CancellationToken cancellationToken) =>
        Choose(await _adviser.AdviseAsync(question, cancellationToken).ConfigureAwait(false));

    /// <summary>Decides for advice that was answered before, which a component may keep until it expires: it decides for each operation.</summary>
    public AdviceSet Choose(IReadOnlyList<AdviceItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (!items.Any(item => item.IsLearned && AdviceCatalog.Find(item.Kind)?.Use == AdviceUse.Tried))
        {
            return new(items);
        }

        double chance = _draw();
        if (chance < DefaultShare)
        {
            return new(items, useDefaults: true);
        }

        // One level at a time, so that what is measured is the effect of that one.
        string[] trials = [.. new[] { AdviceKinds.Connections, AdviceKinds.Concurrency }.Where(kind => items.Any(item => item.Kind == AdviceSet.TrialOf(kind)))];
        double place = (chance - DefaultShare) / TrialShare;
        return new(items, trial: place < trials.Length ? trials[(int)place] : null);
    }

    private static Func<double> OneAtATime(Random random)
    {
        var gate = new Lock();
        return () =>
        {
            lock (gate)
            {
                return random.NextDouble();
            }
        };
    }
}
