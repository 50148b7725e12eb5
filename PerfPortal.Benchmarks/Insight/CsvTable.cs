using System.Globalization;
using System.IO.Compression;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>A table of a CSV file without commas in its values, plain or <c>.gz</c>.</summary>
/// <param name="Header">The column names.</param>
/// <param name="Rows">The values, unquoted.</param>
internal sealed record CsvTable(IReadOnlyList<string> Header, IReadOnlyList<string[]> Rows)
{
    /// <summary>The files of a folder and those below it with their path inside it, without <c>.gz</c>, by name.</summary>
    public static IEnumerable<(string File, string Name)> FilesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*.csv*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".csv", StringComparison.Ordinal) || file.EndsWith(".csv.gz", StringComparison.Ordinal))
            .Select(file => (file, Path.GetRelativePath(folder, file).Replace(".csv.gz", ".csv", StringComparison.Ordinal).Replace('\\', '/')))
            .OrderBy(pair => pair.Item2, StringComparer.Ordinal);

    /// <summary>Reads a file.</summary>
    public static async Task<CsvTable> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var opened = File.OpenRead(file);
        await using Stream content = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(opened, CompressionMode.Decompress) : opened;
        using var reader = new StreamReader(content);
        string[] header = Split(await reader.ReadLineAsync(cancellationToken) ?? "");
        var rows = new List<string[]>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0)
            {
                rows.Add(Split(line));
            }
        }

        return new(header, rows);
    }

    /// <summary>The index of a column, or −1.</summary>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Header.Count; i++)
        {
            if (string.Equals(Header[i], name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A number; <see cref="double.NaN"/> where there is none.</summary>
    public static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;

    private static string[] Split(string line) => [.. line.Split(',').Select(value => value.Trim('"'))];
}
