namespace PerfPortal.Server.Pages.Live;

/// <summary>Shell commands that report an operation.</summary>
internal static class ReportCommands
{
    /// <summary>Returns a command that starts an operation.</summary>
    /// <param name="baseUri">The portal's base URL, ending with a slash.</param>
    public static string Start(string baseUri) => $$$"""
        curl {{{baseUri}}}api/v1/performance/operations \
          -H 'Content-Type: application/json' \
          -d '{"metric_type":"download_operation","operation_name":"my-model","progress":{"done":0,"total":100,"unit":"files"}}'
        """.ReplaceLineEndings("\n");

    /// <summary>Returns commands that report progress and completion.</summary>
    /// <param name="baseUri">The portal's base URL, ending with a slash.</param>
    public static string Progress(string baseUri) => $$$"""
        curl -X PATCH {{{baseUri}}}api/v1/performance/operations/ID \
          -H 'Content-Type: application/json' -d '{"progress":{"done":40,"total":100,"unit":"files"}}'
        curl {{{baseUri}}}api/v1/performance/operations/ID/complete \
          -H 'Content-Type: application/json' -d '{"success":true}'
        """.ReplaceLineEndings("\n");
}
