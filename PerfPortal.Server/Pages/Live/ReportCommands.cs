namespace PerfPortal.Server.Pages.Live;

/// <summary>Examples that report an operation: start, progress, end. Each runs as it is.</summary>
internal static class ReportCommands
{
    private const string Operations = "api/v1/performance/operations";

    /// <summary>Returns the examples with their titles.</summary>
    /// <param name="baseUri">The portal's base URL, ending with a slash.</param>
    /// <param name="needsKey">Whether reports need an access key; the examples then contain the placeholder KEY.</param>
    /// <param name="source">The source to report under; <see langword="null"/> for the default. Names that would need escaping are left out.</param>
    public static IReadOnlyList<(string Title, string Code)> All(string baseUri, bool needsKey, string? source = null)
    {
        string url = baseUri + Operations;
        string? name = source?.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') == true ? source : null;
        return
        [
            ("curl", Curl(url, needsKey, name is null ? "" : $",\"source\":\"{name}\"")),
            ("Python", Python(url, needsKey, name is null ? "" : $", \"source\": \"{name}\"")),
            ("C#", CSharp(url, needsKey, name is null ? "" : $", source = \"{name}\"")),
        ];
    }

    private static string Curl(string url, bool needsKey, string source) => $$$"""
        URL={{{url}}}
        ID=$(curl -s $URL -H 'Content-Type: application/json'{{{(needsKey ? " -H 'Authorization: Bearer KEY'" : "")}}} \
          -d '{"metric_type":"download_operation","operation_name":"my-model"{{{source + "}"}}}' | sed 's/.*"id":"\([^"]*\)".*/\1/')
        for DONE in 25 50 75 100; do
          sleep 2
          curl -s -X PATCH $URL/$ID -H 'Content-Type: application/json'{{{(needsKey ? " -H 'Authorization: Bearer KEY'" : "")}}} \
            -d '{"progress":{"done":'$DONE',"total":100,"unit":"files"}}'
        done
        curl -s $URL/$ID/complete -H 'Content-Type: application/json'{{{(needsKey ? " -H 'Authorization: Bearer KEY'" : "")}}} -d '{"success":true}'
        """.ReplaceLineEndings("\n");

    private static string Python(string url, bool needsKey, string source) => $$$"""
        import time
        import requests

        url = "{{{url}}}"
        http = requests.Session(){{{(needsKey ? "\nhttp.headers[\"Authorization\"] = \"Bearer KEY\"" : "")}}}
        operation = http.post(url, json={"metric_type": "download_operation", "operation_name": "my-model"{{{source + "}"}}}).json()["id"]
        for done in (25, 50, 75, 100):
            time.sleep(2)
            http.patch(f"{url}/{operation}", json={"progress": {"done": done, "total": 100, "unit": "files"}})
        http.post(f"{url}/{operation}/complete", json={"success": True})
        """.ReplaceLineEndings("\n");

    private static string CSharp(string url, bool needsKey, string source) => $$$"""
        using System.Net.Http.Json;
        using System.Text.Json;

        const string Url = "{{{url}}}";
        using var http = new HttpClient();{{{(needsKey ? "\nhttp.DefaultRequestHeaders.Authorization = new(\"Bearer\", \"KEY\");" : "")}}}
        var started = await http.PostAsJsonAsync(Url, new { metric_type = "download_operation", operation_name = "my-model"{{{source}}} });
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        foreach (var done in new[] { 25, 50, 75, 100 })
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            await http.PatchAsJsonAsync($"{Url}/{id}", new { progress = new { done, total = 100, unit = "files" } });
        }
        await http.PostAsJsonAsync($"{Url}/{id}/complete", new { success = true });
        """.ReplaceLineEndings("\n");
}
