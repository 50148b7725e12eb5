namespace PerfPortal.Tests.Architecture;

/// <summary>Finds what breaks the rules of a <see cref="LayerTable"/>; each finding is a line that names the folders, the types and the member.</summary>
internal sealed class LayerRules(LayerTable table)
{
    private const int MaxExamples = 3;

    /// <summary>Folders of the project without a layer, and layers of folders that the project does not have.</summary>
    public IReadOnlyList<string> FindMismatches(IEnumerable<TypeId> types)
    {
        var folders = types.Where(type => table.FolderOf(type) is not null).ToLookup(type => table.FolderOf(type)!);
        return
        [
            .. folders.Where(folder => !table.Layers.ContainsKey(folder.Key)).OrderBy(folder => folder.Key, StringComparer.Ordinal)
                .Select(folder => $"{table.Root}.{folder.Key} has no layer ({folder.First()}): add it to the table in docs/architecture.md, or move its types."),
            .. table.Layers.Keys.Where(folder => !folders.Contains(folder))
                .Select(folder => $"{table.Root}.{folder} has no types: remove it from the table in docs/architecture.md."),
        ];
    }

    /// <summary>Uses of a higher layer by a lower one.</summary>
    public IReadOnlyList<string> FindUpward(IEnumerable<TypeUse> uses) =>
    [
        .. Between(uses)
            .Where(edge => Layer(edge.From) is { } from && Layer(edge.To) is { } to && to > from)
            .Select(edge => $"{edge.From} (layer {Layer(edge.From)}) must not use {edge.To} (layer {Layer(edge.To)}): {edge.Use}"),
    ];

    /// <summary>Uses between folders of a layer whose folders are independent of each other.</summary>
    public IReadOnlyList<string> FindDependent(IEnumerable<TypeUse> uses) =>
    [
        .. Between(uses)
            .Where(edge => Layer(edge.From) is { } layer && Layer(edge.To) == layer && table.Independent.Contains(layer))
            .Select(edge => $"{edge.From} must not use {edge.To}, both of layer {Layer(edge.From)}: {edge.Use}"),
    ];

    /// <summary>
    /// Circles between folders, with examples for each step. Of the circles that one step closes, only the shortest is reported; a step with few uses is
    /// the likely culprit.
    /// </summary>
    public IReadOnlyList<string> FindCircles(IEnumerable<TypeUse> uses)
    {
        var edges = Between(uses).ToLookup(edge => edge.From);
        var reported = new HashSet<(string From, string To)>();
        var findings = new List<string>();
        foreach (var circle in edges.Select(group => ShortestCircle(group.Key, edges)).OfType<List<string>>()
            .OrderBy(circle => circle.Count).ThenBy(circle => circle[0], StringComparer.Ordinal))
        {
            var steps = circle.Select((folder, index) => (From: folder, To: circle[(index + 1) % circle.Count])).ToList();
            if (!steps.Any(reported.Contains))
            {
                reported.Add(steps.MinBy(step => edges[step.From].Count(edge => edge.To == step.To)));
                findings.Add(Describe(circle, edges));
            }
        }

        return findings;
    }

    private int? Layer(string folder) => table.Layers.TryGetValue(folder, out int layer) ? layer : null;

    private IEnumerable<Edge> Between(IEnumerable<TypeUse> uses) =>
        from use in uses
        let fromFolder = table.FolderOf(use.From)
        let toFolder = table.FolderOf(use.To)
        where fromFolder is not null && toFolder is not null && fromFolder != toFolder
        select new Edge(fromFolder, toFolder, use);

    private static List<string>? ShortestCircle(string folder, ILookup<string, Edge> edges)
    {
        var reachedFrom = new Dictionary<string, string>(StringComparer.Ordinal);
        var queue = new Queue<string>([folder]);
        while (queue.TryDequeue(out string? current))
        {
            foreach (string next in edges[current].Select(edge => edge.To))
            {
                if (!reachedFrom.TryAdd(next, current))
                {
                    continue;
                }

                if (next != folder)
                {
                    queue.Enqueue(next);
                    continue;
                }

                var circle = new List<string>();
                for (string step = current; step != folder; step = reachedFrom[step])
                {
                    circle.Insert(0, step);
                }

                return [folder, .. circle];
            }
        }

        return null;
    }

    private static string Describe(List<string> circle, ILookup<string, Edge> edges)
    {
        var lines = new List<string> { $"{string.Join(" -> ", circle)} -> {circle[0]} is a circle:" };
        for (int i = 0; i < circle.Count; i++)
        {
            string to = circle[(i + 1) % circle.Count];
            var examples = edges[circle[i]].Where(edge => edge.To == to).ToList();
            lines.Add($"  {circle[i]} uses {to} ({examples.Count}):");
            lines.AddRange(examples.Take(MaxExamples).Select(edge => $"    {edge.Use}"));
        }

        return string.Join('\n', lines);
    }

    private readonly record struct Edge(string From, string To, TypeUse Use);
}
