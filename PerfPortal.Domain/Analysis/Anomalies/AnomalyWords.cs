using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>The sentences of anomalies.</summary>
internal static class AnomalyWords
{
    /// <summary>The sentence of an episode: what, since when, and what is usual.</summary>
    /// <param name="what">What is unusual.</param>
    /// <param name="since">When it began.</param>
    /// <param name="until">When it was over; <see langword="null"/> while it lasts.</param>
    /// <param name="observed">The value.</param>
    /// <param name="low">The lower end of what is usual.</param>
    /// <param name="high">The upper end of what is usual.</param>
    /// <param name="unit">The unit.</param>
    public static string Sentence(string what, DateTimeOffset since, DateTimeOffset? until, double observed, double low, double high, string unit)
    {
        string value = Format.Value(observed, unit);
        string usual = Range(low, high, unit);
        string name = char.ToUpperInvariant(what[0]) + what[1..];
        return until is { } end
            ? $"{name} was at {value} from {Moments.Text(since)} to {Moments.Text(end)}; {usual} is usual at that time."
            : $"{name} has been at {value} since {Moments.Text(since)}; {usual} is usual at this time.";
    }

    /// <summary>A list: <c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : string.Join(", ", words.Take(words.Count - 1)) + " and " + words[^1];

    private static string Range(double low, double high, string unit)
    {
        var from = Format.Split(low, unit);
        var to = Format.Split(high, unit);
        string end = Format.Value(high, unit);
        return from == to ? end : from.Unit == to.Unit ? $"{from.Number}–{end}" : $"{Format.Value(low, unit)}–{end}";
    }
}
