namespace PerfPortal.Domain.Advice;

/// <summary>A kind of advice with its unit, safe range and safe default.</summary>
/// <param name="Kind">One of <see cref="AdviceKinds"/>.</param>
/// <param name="Topic">The component that it is for.</param>
/// <param name="Unit">The unit; empty when it has none.</param>
/// <param name="Min">The lowest value that is safe to follow.</param>
/// <param name="Max">The highest value that is safe to follow.</param>
/// <param name="Default">The safe default; <see langword="null"/> when nothing can be said without a history. Some subjects have their own (<see cref="AdviceCatalog.DefaultOf"/>).</param>
/// <param name="Use">What a component does with the value.</param>
public sealed record AdviceKindInfo(string Kind, AdviceTopic Topic, string Unit, double Min, double Max, double? Default, AdviceUse Use);

/// <summary>What a component does with a kind of advice.</summary>
public enum AdviceUse
{
    /// <summary>It shows the value, such as an expected duration.</summary>
    Informs,

    /// <summary>It always follows the value, such as a share of the bandwidth, whose purpose is not to be faster.</summary>
    Followed,

    /// <summary>It follows the value in most operations and uses the safe default in some, so that the difference can be measured.</summary>
    Tried,
}
