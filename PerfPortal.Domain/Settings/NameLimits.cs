using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Settings;

/// <summary>A limit per operation name; immutable, compared by value, in the order of the names. Bounded by <see cref="MaxNames"/>.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "It is a set of limits that happens to be looked up by name.")]
public sealed class NameLimits : IReadOnlyDictionary<string, double>, IEquatable<NameLimits>
{
    /// <summary>The maximum number of names.</summary>
    public const int MaxNames = 200;

    /// <summary>The lowest limit, seconds.</summary>
    public const double MinSeconds = 0.001;

    /// <summary>The highest limit, seconds.</summary>
    public const double MaxSeconds = 10_000_000;

    /// <summary>The bounds of a limit in words.</summary>
    public static string Limits { get; } = Bounds.InWords(MinSeconds, MaxSeconds, "s");

    private readonly SortedDictionary<string, double> _limits;

    private NameLimits(SortedDictionary<string, double> limits) => _limits = limits;

    /// <summary>No limits.</summary>
    public static NameLimits None { get; } = new(new(StringComparer.Ordinal));

    /// <inheritdoc/>
    public int Count => _limits.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _limits.Keys;

    /// <inheritdoc/>
    public IEnumerable<double> Values => _limits.Values;

    /// <inheritdoc/>
    public double this[string key] => _limits[key];

    /// <summary>Returns a copy in which a name has a limit, or none when <paramref name="seconds"/> is <see langword="null"/>; the bounds are not checked.</summary>
    public NameLimits With(string name, double? seconds)
    {
        var limits = new SortedDictionary<string, double>(_limits, StringComparer.Ordinal);
        if (seconds is { } limit)
        {
            limits[name] = limit;
        }
        else
        {
            limits.Remove(name);
        }

        return new(limits);
    }

    /// <summary>Whether a limit is within its bounds; NaN is not.</summary>
    public static bool Allows(double seconds) => seconds is >= MinSeconds and <= MaxSeconds;

    /// <summary>Whether a name can have a limit.</summary>
    public static bool AllowsName(string name) => !string.IsNullOrWhiteSpace(name) && name.Length <= OperationLimits.NameCharacters;

    /// <summary>Reads a JSON object of numbers.</summary>
    /// <param name="member">The member's value.</param>
    /// <param name="wireName">The member's name, for errors.</param>
    /// <param name="errors">Receives every error.</param>
    internal static NameLimits Read(JsonElement member, string wireName, List<SettingError> errors)
    {
        if (member.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("/" + wireName, $"{wireName} must be an object with a number of seconds for each operation name."));
            return None;
        }

        var limits = new NameLimits(new(StringComparer.Ordinal));
        foreach (var item in member.EnumerateObject())
        {
            string at = $"/{wireName}/{item.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (!AllowsName(item.Name))
            {
                errors.Add(new(at, $"An operation name in {wireName} must have 1 to {OperationLimits.NameCharacters} characters."));
            }
            else if (item.Value.ValueKind == JsonValueKind.Number && item.Value.TryGetDouble(out double seconds) && Allows(seconds))
            {
                limits._limits[item.Name] = seconds;
            }
            else
            {
                errors.Add(new(at, $"A limit in {wireName} must be a number {Limits}."));
            }
        }

        if (limits.Count > MaxNames)
        {
            errors.Add(new("/" + wireName, $"{wireName} has {Format.Count(limits.Count)} names; the maximum is {MaxNames}."));
        }

        return limits;
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _limits.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, out double value) => _limits.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => _limits.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(NameLimits? other) => other is not null && _limits.SequenceEqual(other._limits);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NameLimits);

    /// <inheritdoc/>
    public override int GetHashCode() => _limits.Aggregate(_limits.Count, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    /// <summary>The limits by name, for logging.</summary>
    public override string ToString() => string.Join(", ", _limits.Select(pair => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pair.Key} = {pair.Value}")));
}
