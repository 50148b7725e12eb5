using System.Globalization;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Queries;

/// <summary>
/// The cursors that lead to a page, oldest first, as they stand in an address: <c>sort value.key~sort value.key</c>. The last one is the
/// page that is shown; the one before it is the page before. Bounded by <see cref="MostPages"/>: then the way back is shortened.
/// </summary>
internal sealed record PageTrail(IReadOnlyList<PageCursor> Cursors)
{
    /// <summary>The most cursors that an address carries.</summary>
    public const int MostPages = 40;

    /// <summary>The first page.</summary>
    public static PageTrail First { get; } = new([]);

    /// <summary>Where the page goes on, or <see langword="null"/> for the first page.</summary>
    public PageCursor? Current => Cursors.Count == 0 ? null : Cursors[^1];

    /// <summary>Reads a trail; what cannot be read is the first page.</summary>
    public static PageTrail Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return First;
        }

        var cursors = new List<PageCursor>();
        foreach (string part in text.Split('~'))
        {
            int dot = part.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0 || cursors.Count == MostPages || !TryRead(part.AsSpan(0, dot), out long value) || !TryRead(part.AsSpan(dot + 1), out long key))
            {
                return First;
            }

            cursors.Add(new(value, key));
        }

        return new(cursors);
    }

    /// <summary>The trail to the page after.</summary>
    public PageTrail Forward(PageCursor next) => new([.. Cursors.Skip(Cursors.Count == MostPages ? 1 : 0), next]);

    /// <summary>The trail to the page before.</summary>
    public PageTrail Back() => new([.. Cursors.Take(Math.Max(0, Cursors.Count - 1))]);

    /// <summary>The trail as text, or <see langword="null"/> for the first page.</summary>
    public override string? ToString() => Cursors.Count == 0
        ? null
        : string.Join('~', Cursors.Select(cursor => string.Create(CultureInfo.InvariantCulture, $"{cursor.SortValue}.{cursor.Key}")));

    private static bool TryRead(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
