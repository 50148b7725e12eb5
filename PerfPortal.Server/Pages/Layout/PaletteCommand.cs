namespace PerfPortal.Server.Pages.Layout;

/// <summary>A command of the command palette.</summary>
internal sealed record PaletteCommand(string Title, string Kind, string Icon, Func<Task> Run)
{
    /// <summary>Returns the commands that contain every word of the text. Those whose title starts with the text come first.</summary>
    public static IReadOnlyList<PaletteCommand> Matching(IEnumerable<PaletteCommand> all, string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. all
            .Where(c => words.All(w => $"{c.Title} {c.Kind}".Contains(w, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(c => words.Length > 0 && c.Title.StartsWith(text, StringComparison.OrdinalIgnoreCase) ? 0 : 1)];
    }
}
