namespace PerfPortal.Tests.Architecture;

/// <summary>
/// The layers of one project. A folder is a namespace directly below <paramref name="Root"/>, or a type directly in it, such as <c>Program</c>.
/// </summary>
/// <param name="Root">The project's root namespace.</param>
/// <param name="Layers">The layer of each folder; a folder may use its own layer and lower ones.</param>
/// <param name="Independent">Layers whose folders do not use each other.</param>
internal sealed record LayerTable(string Root, IReadOnlyDictionary<string, int> Layers, IReadOnlySet<int> Independent)
{
    /// <summary>The words in a row's first cell that declare its folders independent of each other.</summary>
    public const string IndependentWords = "independent of each other";

    /// <summary>
    /// Parses the table in <paramref name="markdown"/> whose heading names <paramref name="root"/> in its second column. A row's first cell begins with
    /// the layer's number; its second cell lists the folders in backticks.
    /// </summary>
    /// <exception cref="FormatException">There is no such table, or a row has no number or repeats a folder.</exception>
    public static LayerTable Parse(string markdown, string root)
    {
        string[][] rows = [.. markdown.Split('\n').Select(Cells)
            .SkipWhile(cells => cells.Length < 2 || cells[1] != $"`{root}`")
            .Skip(2)
            .TakeWhile(cells => cells.Length >= 2)];
        if (rows.Length == 0)
        {
            throw new FormatException($"There is no table of layers with a column `{root}`.");
        }

        var layers = new Dictionary<string, int>(StringComparer.Ordinal);
        var independent = new HashSet<int>();
        foreach (string[] cells in rows)
        {
            if (!int.TryParse(cells[0].Split(' ')[0], out int layer))
            {
                throw new FormatException($"The row '{string.Join(" | ", cells)}' does not begin with the number of a layer.");
            }

            if (cells[0].Contains(IndependentWords, StringComparison.Ordinal))
            {
                independent.Add(layer);
            }

            foreach (string folder in cells[1].Split('`').Where((_, index) => index % 2 == 1))
            {
                if (!layers.TryAdd(folder, layer))
                {
                    throw new FormatException($"The folder {folder} has two layers.");
                }
            }
        }

        return new LayerTable(root, layers, independent);
    }

    /// <summary>The folder of <paramref name="type"/>, or <see langword="null"/> for types outside the root namespace, which generators add.</summary>
    public string? FolderOf(TypeId type)
    {
        if (type.Namespace == Root)
        {
            return type.Name;
        }

        return type.Namespace.StartsWith(Root + ".", StringComparison.Ordinal) ? type.Namespace[(Root.Length + 1)..].Split('.')[0] : null;
    }

    private static string[] Cells(string line)
    {
        line = line.Trim();
        return line.StartsWith('|') ? [.. line.Trim('|').Split('|').Select(cell => cell.Trim())] : [];
    }
}
