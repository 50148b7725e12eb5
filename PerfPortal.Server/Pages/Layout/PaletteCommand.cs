namespace PerfPortal.Server.Pages.Layout;

/// <summary>Something that the command palette can do.</summary>
internal sealed record PaletteCommand(string Title, string Kind, string Icon, Func<Task> Run)
{
    /// <summary>The commands that hold every word of the text; those whose title begins with it come first.</summary>
    public static IReadOnlyList<PaletteCommand> Matching(IEnumerable<PaletteCommand> all, string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. all
            .Where(c => words.All(w => $"{c.Title} {c.Kind}".Contains(w, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(c => words.Length > 0 && c.Title.StartsWith(text, StringComparison.OrdinalIgnoreCase) ? 0 : 1)];
    }
}
