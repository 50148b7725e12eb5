using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Settings;

/// <summary>One value for each of the six metric types; immutable and compared by value.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class PerMetricType<T> : IEquatable<PerMetricType<T>>
{
    private readonly T[] _values;

    /// <summary>Creates an instance with the same value for every type.</summary>
    public PerMetricType(T value)
    {
        _values = new T[MetricTypes.All.Count];
        Array.Fill(_values, value);
    }

    private PerMetricType(T[] values) => _values = values;

    /// <summary>The value of <paramref name="type"/>.</summary>
    /// <exception cref="IndexOutOfRangeException"><paramref name="type"/> is not a defined value.</exception>
    public T this[MetricType type] => _values[(int)type];

    /// <summary>Returns a copy in which <paramref name="type"/> has <paramref name="value"/>.</summary>
    public PerMetricType<T> With(MetricType type, T value)
    {
        var values = (T[])_values.Clone();
        values[(int)type] = value;
        return new PerMetricType<T>(values);
    }

    /// <inheritdoc/>
    public bool Equals(PerMetricType<T>? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PerMetricType<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in _values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary>The values by wire name, for logging.</summary>
    public override string ToString() =>
        string.Join(", ", MetricTypes.All.Select(type => string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{type.WireName()} = {this[type]}")));
}
