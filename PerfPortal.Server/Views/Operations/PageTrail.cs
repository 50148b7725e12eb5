using System.Globalization;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Views.Operations;

/// <summary>
/// The cursors that lead to a page, oldest first, in the URL format <c>sort value.key.id~sort value.key.id</c>. The last cursor is the
/// current page; the one before it is the previous page. Limited to <see cref="MaxPages"/> cursors, after which the oldest are dropped.
/// </summary>
internal sealed record PageTrail(IReadOnlyList<PageCursor> Cursors)
{
    /// <summary>The maximum number of cursors in a URL.</summary>
    public const int MaxPages = 40;

    /// <summary>The first page.</summary>
    public static PageTrail First { get; } = new([]);

    /// <summary>The cursor of the current page, or <see langword="null"/> for the first page.</summary>
    public PageCursor? Current => Cursors.Count == 0 ? null : Cursors[^1];

    /// <summary>Parses a trail; an invalid trail means the first page.</summary>
    public static PageTrail Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return First;
        }

        var cursors = new List<PageCursor>();
        foreach (string part in text.Split('~'))
        {
            string[] numbers = part.Split('.');
            var id = Guid.Empty;
            if (numbers.Length is not (2 or 3) || cursors.Count == MaxPages || !TryRead(numbers[0], out long value) || !TryRead(numbers[1], out long key)
                || (numbers.Length == 3 && !Guid.TryParseExact(numbers[2], "N", out id)))
            {
                return First;
            }

            cursors.Add(new(value, key, id));
        }

        return new(cursors);
    }

    /// <summary>Returns the trail to the next page.</summary>
    public PageTrail Forward(PageCursor next) => new([.. Cursors.Skip(Cursors.Count == MaxPages ? 1 : 0), next]);

    /// <summary>Returns the trail to the previous page.</summary>
    public PageTrail Back() => new([.. Cursors.Take(Math.Max(0, Cursors.Count - 1))]);

    /// <summary>Formats the trail; <see langword="null"/> for the first page.</summary>
    public override string? ToString() => Cursors.Count == 0
        ? null
        : string.Join('~', Cursors.Select(cursor => string.Create(
            CultureInfo.InvariantCulture, $"{cursor.SortValue}.{cursor.Key}{(cursor.Id == Guid.Empty ? "" : "." + cursor.Id.ToString("N"))}")));

    private static bool TryRead(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
