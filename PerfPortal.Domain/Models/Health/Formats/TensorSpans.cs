using System.Globalization;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>Where the tensors of a file are: finds what overlaps, what is left out, and what lies outside. Bounded by what the header really holds: 24 bytes a tensor.</summary>
internal sealed class TensorSpans
{
    /// <summary>The maximum number of tensors of one file; real files have thousands.</summary>
    public const int Max = 2_000_000;

    private readonly List<Span> _spans = [];

    /// <summary>The number of tensors.</summary>
    public int Count => _spans.Count;

    /// <summary>Adds a tensor.</summary>
    /// <param name="begin">Its first byte, from the beginning of the data.</param>
    /// <param name="end">The byte after the last, at least <paramref name="begin"/>.</param>
    /// <param name="declaredAt">The byte of the file that declares it.</param>
    /// <exception cref="MalformedException">There are more than <see cref="Max"/>.</exception>
    public void Add(ulong begin, ulong end, long declaredAt)
    {
        if (_spans.Count == Max)
        {
            throw new MalformedException(HealthReasonKinds.Limit, declaredAt, null, string.Create(CultureInfo.InvariantCulture, $"The file has more than {Max:N0} tensors."));
        }

        _spans.Add(new(begin, end, declaredAt));
    }

    /// <summary>Compares the tensors with the data.</summary>
    /// <param name="dataStart">The byte of the file at which the data begins.</param>
    /// <param name="dataLength">The bytes of data that the file has.</param>
    /// <param name="alignment">The alignment of each tensor; 1 when they follow each other without padding.</param>
    /// <param name="report">Gets what is found.</param>
    /// <param name="findsHoles">Whether bytes between tensors are a finding; not where the size of a tensor is unknown.</param>
    /// <returns>The byte of the data after the last tensor.</returns>
    public ulong Check(long dataStart, long dataLength, uint alignment, StructureReport report, bool findsHoles = true)
    {
        _spans.Sort();
        ulong expected = 0;
        ulong last = 0;
        foreach (var span in _spans)
        {
            if (span.Begin < last)
            {
                report.Add(
                    HealthReasonKinds.Overlap, span.DeclaredAt, null,
                    string.Create(CultureInfo.InvariantCulture, $"The tensor declared at byte {span.DeclaredAt:N0} begins at byte {span.Begin:N0} of the data, inside another that ends at {last:N0}."));
            }
            else if (span.Begin > expected && findsHoles)
            {
                report.Add(
                    HealthReasonKinds.Hole, span.DeclaredAt, null,
                    string.Create(CultureInfo.InvariantCulture, $"The bytes {expected:N0} to {span.Begin:N0} of the data belong to no tensor; the next one is declared at byte {span.DeclaredAt:N0}."));
            }

            last = Math.Max(last, span.End);
            expected = Math.Max(expected, Align(span.End, alignment));
        }

        if (last > (ulong)dataLength)
        {
            report.Add(
                HealthReasonKinds.Truncated, dataStart + dataLength, (long)Math.Min(last - (ulong)dataLength, long.MaxValue),
                string.Create(CultureInfo.InvariantCulture, $"The tensors need {last:N0} bytes of data and the file has {dataLength:N0}: {last - (ulong)dataLength:N0} bytes are missing at the end."));
        }

        return last;
    }

    /// <summary>The next multiple of an alignment; saturates.</summary>
    public static ulong Align(ulong value, uint alignment) => value > ulong.MaxValue - alignment ? ulong.MaxValue : (value + alignment - 1) / alignment * alignment;

    private readonly record struct Span(ulong Begin, ulong End, long DeclaredAt) : IComparable<Span>
    {
        public int CompareTo(Span other) => Begin != other.Begin ? Begin.CompareTo(other.Begin) : End.CompareTo(other.End);
    }
}
