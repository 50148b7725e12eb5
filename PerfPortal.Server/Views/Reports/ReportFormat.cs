namespace PerfPortal.Server.Views.Reports;

/// <summary>The formats of a report.</summary>
internal enum ReportFormat
{
    /// <summary>JSON, for programs; the default.</summary>
    Json,

    /// <summary>CSV, for spreadsheets: one long table.</summary>
    Csv,

    /// <summary>HTML, to print or send: one self-contained file.</summary>
    Html,

    /// <summary>Markdown, for issues and chats.</summary>
    Markdown,
}

/// <summary>The names and media types of report formats.</summary>
internal static class ReportFormats
{
    /// <summary>All names, in display order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["json", "csv", "html", "markdown"];

    /// <summary>The media type.</summary>
    public static string ContentType(this ReportFormat format) => format switch
    {
        ReportFormat.Csv => "text/csv; charset=utf-8",
        ReportFormat.Html => "text/html; charset=utf-8",
        ReportFormat.Markdown => "text/markdown; charset=utf-8",
        _ => "application/json; charset=utf-8",
    };

    /// <summary>The file extension.</summary>
    public static string Extension(this ReportFormat format) => format == ReportFormat.Markdown ? "md" : Names[(int)format];
}
