using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice;

/// <summary>Numbers of things in sentences.</summary>
internal static class Counted
{
    /// <summary>Returns <c>1 retry</c> or <c>2 retries</c>.</summary>
    public static string Of(long count, string one, string? many = null) => $"{Format.Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>Returns <c>No retry</c>, <c>Only 1 retry</c> or <c>Only 2 retries</c>: the beginning of a sentence about what is too few.</summary>
    public static string TooFew(long count, string one, string? many = null) => count == 0 ? $"No {one}" : $"Only {Of(count, one, many)}";

    /// <summary>Returns <c>once</c> or <c>2 times</c>.</summary>
    public static string Times(long count) => count == 1 ? "once" : $"{Format.Count(count)} times";

    /// <summary>Returns <c>never appeared</c>, <c>appeared once</c> or <c>appeared 2 times</c>.</summary>
    public static string Happened(string verb, long count) => count == 0 ? $"never {verb}" : $"{verb} {Times(count)}";

    /// <summary>Returns an error category as words: <c>rate limit</c>.</summary>
    public static string Category(string category) => category.Replace('_', ' ');
}
