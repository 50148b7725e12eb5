using System.Globalization;

namespace PerfPortal.Domain.Operations;

/// <summary>
/// The names that sources carry from the moment they are removed until their data is deleted. No report can carry one, and no filter without a source includes one.
/// </summary>
public static class RemovedSource
{
    /// <summary>The first character of these names, which reports cannot use.</summary>
    public const char Mark = '\u0001';

    /// <summary>Returns the name of a removed source.</summary>
    /// <param name="number">The number that the store has assigned to it.</param>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{Mark}removed {number}");

    /// <summary>Whether a source is removed.</summary>
    public static bool Is(string source) => source.StartsWith(Mark);
}
