namespace PerfPortal.Domain.Advice;

/// <summary>
/// Asks for advice and decides by chance whether an operation follows it, so that its effect can be measured: of the operations for which something was learned, one in 8 uses
/// the safe defaults, and one in 8 tries a number of connections that has not been measured enough, where there is one. Thread-safe.
/// </summary>
/// <param name="adviser">Who is asked.</param>
/// <param name="random">The source of chance; <see langword="null"/> for the shared one.</param>
public sealed class AdviceTrial(IAdviser adviser, Random? random = null)
{
    /// <summary>The share of operations that use the safe defaults although something was learned: 1 in 8.</summary>
    public const double DefaultShare = 0.125;

    /// <summary>The share of operations that try a number of connections: 1 in 8.</summary>
    public const double TrialShare = 0.125;

    private readonly Lock _lock = new();
    private readonly Random _random = random ?? Random.Shared;

    /// <summary>Asks for advice and returns the values that the next operation uses, with the arm that it reports.</summary>
    /// <exception cref="OperationCanceledException">The question was cancelled.</exception>
    public async ValueTask<AdviceSet> ChooseAsync(AdviceQuestion question, CancellationToken cancellationToken) =>
        Choose(await adviser.AdviseAsync(question, cancellationToken).ConfigureAwait(false));

    /// <summary>Decides for advice that was answered before, which a component may keep until it expires: each operation is decided anew.</summary>
    public AdviceSet Choose(IReadOnlyList<AdviceItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (!AdviceSet.IsLearned(items))
        {
            return new(items);
        }

        double chance;
        lock (_lock)
        {
            chance = _random.NextDouble();
        }

        return new(items, chance < DefaultShare, chance is >= DefaultShare and < DefaultShare + TrialShare);
    }
}
