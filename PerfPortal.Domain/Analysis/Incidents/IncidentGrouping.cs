namespace PerfPortal.Domain.Analysis.Incidents;

/// <summary>
/// Puts parts together that share a subject or a cause while both last, directly or through others: the connected components of that relation. Neither the order of the parts nor the number
/// of parts between two of them matters.
/// </summary>
public static class IncidentGrouping
{
    /// <summary>Returns the groups as indexes into the parts, in the order of their first parts; each part is in exactly one.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Group(IReadOnlyList<IncidentPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        int[] parents = [.. Enumerable.Range(0, parts.Count)];
        foreach (var sharing in Enumerable.Range(0, parts.Count).SelectMany(part => parts[part].Keys.Distinct(StringComparer.Ordinal).Select(key => (key, part)))
            .GroupBy(pair => pair.key, pair => pair.part, StringComparer.Ordinal))
        {
            Join(parts, [.. sharing.OrderBy(part => parts[part].From)], parents);
        }

        return [.. Enumerable.Range(0, parts.Count).GroupBy(part => Root(parents, part)).Select(group => (IReadOnlyList<int>)[.. group])];
    }

    /// <summary>Joins the parts that overlap; they are in the order of their beginnings.</summary>
    private static void Join(IReadOnlyList<IncidentPart> parts, int[] sharing, int[] parents)
    {
        int latest = sharing[0];
        foreach (int part in sharing.Skip(1))
        {
            if (parts[part].From <= End(parts[latest]))
            {
                parents[Root(parents, part)] = Root(parents, latest);
            }

            latest = End(parts[part]) > End(parts[latest]) ? part : latest;
        }
    }

    private static DateTimeOffset End(IncidentPart part) => part.To ?? DateTimeOffset.MaxValue;

    private static int Root(int[] parents, int part)
    {
        while (parents[part] != part)
        {
            part = parents[part] = parents[parents[part]];
        }

        return part;
    }
}
