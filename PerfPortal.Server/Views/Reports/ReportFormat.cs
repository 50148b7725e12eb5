using PerfPortal.Server.Reports;

namespace PerfPortal.Server.Views.Reports;

/// <summary>The forms that a report can have.</summary>
internal enum ReportFormat
{
    /// <summary>For programs; the default.</summary>
    Json,

    /// <summary>For spreadsheets: one long table.</summary>
    Csv,

    /// <summary>To print or send: one file without anything outside.</summary>
    Html,

    /// <summary>For issues and chats.</summary>
    Markdown,
}

/// <summary>The forms by name.</summary>
internal static class ReportFormats
{
    /// <summary>Every name, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> Names { get; } = ["json", "csv", "html", "markdown"];

    /// <summary>Reads a name, exactly as it is written in the contract; nothing means JSON.</summary>
    public static bool TryParse(string? name, out ReportFormat format)
    {
        int index = string.IsNullOrEmpty(name) ? 0 : Names.ToList().IndexOf(name);
        format = (ReportFormat)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>The media type.</summary>
    public static string ContentType(this ReportFormat format) => format switch
    {
        ReportFormat.Csv => "text/csv; charset=utf-8",
        ReportFormat.Html => "text/html; charset=utf-8",
        ReportFormat.Markdown => "text/markdown; charset=utf-8",
        _ => "application/json; charset=utf-8",
    };

    /// <summary>The ending of a file.</summary>
    public static string Extension(this ReportFormat format) => format == ReportFormat.Markdown ? "md" : Names[(int)format];
}
