namespace PerfPortal.Domain.Advice;

/// <summary>A kind of advice with its unit, safe range and safe default.</summary>
/// <param name="Kind">One of <see cref="AdviceKinds"/>.</param>
/// <param name="Topic">The component that it is for.</param>
/// <param name="Unit">The unit; empty when it has none.</param>
/// <param name="Min">The lowest value that is safe to follow.</param>
/// <param name="Max">The highest value that is safe to follow.</param>
/// <param name="Default">The safe default; <see langword="null"/> when nothing can be said without a history. Some subjects have their own (<see cref="AdviceCatalog.DefaultOf"/>).</param>
/// <param name="IsFollowed">Whether a component acts on the value; otherwise it only informs, such as an expected duration.</param>
public sealed record AdviceKindInfo(string Kind, AdviceTopic Topic, string Unit, double Min, double Max, double? Default, bool IsFollowed);
