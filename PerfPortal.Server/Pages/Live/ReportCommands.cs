namespace PerfPortal.Server.Pages.Live;

/// <summary>Commands that report an operation, for a shell.</summary>
internal static class ReportCommands
{
    /// <summary>Starts an operation.</summary>
    /// <param name="baseUri">The portal's own address, ending on a slash.</param>
    public static string Start(string baseUri) => $$$"""
        curl {{{baseUri}}}api/v1/performance/operations \
          -H 'Content-Type: application/json' \
          -d '{"metric_type":"download_operation","operation_name":"my-model","progress":{"done":0,"total":100,"unit":"files"}}'
        """.ReplaceLineEndings("\n");

    /// <summary>Reports progress, then the end.</summary>
    /// <param name="baseUri">The portal's own address, ending on a slash.</param>
    public static string Progress(string baseUri) => $$$"""
        curl -X PATCH {{{baseUri}}}api/v1/performance/operations/ID \
          -H 'Content-Type: application/json' -d '{"progress":{"done":40,"total":100,"unit":"files"}}'
        curl {{{baseUri}}}api/v1/performance/operations/ID/complete \
          -H 'Content-Type: application/json' -d '{"success":true}'
        """.ReplaceLineEndings("\n");
}
