namespace PerfPortal.Domain.Models.Health.Records;

/// <summary>How much a model is used.</summary>
/// <param name="Weight">The uses at <paramref name="At"/>, weighted by age, at least 0.</param>
/// <param name="At">The last use, UTC.</param>
internal readonly record struct ModelUse(double Weight, DateTimeOffset At)
{
    /// <summary>The age at which a use counts half.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(3);

    /// <summary>The weighted uses at a moment.</summary>
    public double WeightAt(DateTimeOffset now) => Weight <= 0 ? 0 : Weight * Math.Pow(0.5, Math.Max(0, (now - At) / HalfLife));

    /// <summary>Counts another use.</summary>
    public ModelUse With(DateTimeOffset now) => new(Math.Min(WeightAt(now) + 1, 1_000), now);
}
