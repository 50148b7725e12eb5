using System.Buffers.Binary;

namespace PerfPortal.Domain.Resources;

/// <summary>The time-weighted mean and the extremes of one metric over a period.</summary>
/// <param name="Seconds">The sampled time in seconds.</param>
/// <param name="Integral">The sum of value × seconds.</param>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
public readonly record struct ResourceFigure(double Seconds, double Integral, double Min, double Max)
{
    /// <summary>The time-weighted mean.</summary>
    public double Mean => Integral / Seconds;

    /// <summary>Returns the combined figure.</summary>
    public ResourceFigure Merge(ResourceFigure other) => Seconds == 0
        ? other
        : other.Seconds == 0
            ? this
            : new(Seconds + other.Seconds, Integral + other.Integral, Math.Min(Min, other.Min), Math.Max(Max, other.Max));
}

/// <summary>
/// Aggregates the samples of a host over a minute or an hour: the time-weighted mean, minimum and maximum of each metric.
/// Weighting by time keeps the mean independent of the sampling rate, which is higher while a page is open.
/// </summary>
public sealed class ResourceRollup
{
    private const byte Version = 1;
    private const int FigureBytes = 1 + (4 * sizeof(double));

    private readonly ResourceFigure[] _figures = new ResourceFigure[ResourceMetrics.All.Count];

    /// <summary>The figure of a metric, or <see langword="null"/> when it was never measured.</summary>
    public ResourceFigure? this[ResourceMetric metric] => _figures[(int)metric] is { Seconds: > 0 } figure ? figure : null;

    /// <summary>Adds a sample that represents a time span; a sample without a time span counts as one millisecond.</summary>
    public void Add(ResourceSample sample, TimeSpan covered)
    {
        double seconds = Math.Max(covered.TotalSeconds, 0.001);
        foreach (var info in ResourceMetrics.All)
        {
            if (sample[info.Metric] is { } value)
            {
                ref var figure = ref _figures[(int)info.Metric];
                figure = figure.Merge(new(seconds, value * seconds, value, value));
            }
        }
    }

    /// <summary>Merges another rollup into this one.</summary>
    public void Merge(ResourceRollup other)
    {
        for (int i = 0; i < _figures.Length; i++)
        {
            _figures[i] = _figures[i].Merge(other._figures[i]);
        }
    }

    /// <summary>Serializes the figures: a version byte, then for each measured metric its number and four little-endian doubles.</summary>
    public byte[] ToBytes()
    {
        int measured = _figures.Count(figure => figure.Seconds > 0);
        byte[] bytes = new byte[1 + (measured * FigureBytes)];
        bytes[0] = Version;
        var rest = bytes.AsSpan(1);
        for (int i = 0; i < _figures.Length; i++)
        {
            if (_figures[i].Seconds <= 0)
            {
                continue;
            }

            rest[0] = (byte)i;
            BinaryPrimitives.WriteDoubleLittleEndian(rest[1..], _figures[i].Seconds);
            BinaryPrimitives.WriteDoubleLittleEndian(rest[9..], _figures[i].Integral);
            BinaryPrimitives.WriteDoubleLittleEndian(rest[17..], _figures[i].Min);
            BinaryPrimitives.WriteDoubleLittleEndian(rest[25..], _figures[i].Max);
            rest = rest[FigureBytes..];
        }

        return bytes;
    }

    /// <summary>Deserializes the output of <see cref="ToBytes"/>; unknown metrics are ignored.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a rollup.</exception>
    public static ResourceRollup FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != Version || (bytes.Length - 1) % FigureBytes != 0)
        {
            throw new InvalidDataException("The bytes are not a resource rollup.");
        }

        var rollup = new ResourceRollup();
        for (var rest = bytes[1..]; !rest.IsEmpty; rest = rest[FigureBytes..])
        {
            if (rest[0] < rollup._figures.Length)
            {
                rollup._figures[rest[0]] = new(
                    BinaryPrimitives.ReadDoubleLittleEndian(rest[1..]),
                    BinaryPrimitives.ReadDoubleLittleEndian(rest[9..]),
                    BinaryPrimitives.ReadDoubleLittleEndian(rest[17..]),
                    BinaryPrimitives.ReadDoubleLittleEndian(rest[25..]));
            }
        }

        return rollup;
    }
}
