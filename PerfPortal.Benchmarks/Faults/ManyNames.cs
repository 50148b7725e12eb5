using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Faults;

/// <summary>As many operation names as operations: memory is bounded, and the portal reports how many were kept under another name.</summary>
internal static class ManyNames
{
    private const int BatchSize = 1_000;

    /// <summary>Reports the operations and checks memory and the response of <c>GET /pipeline</c>.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(int names, TextWriter progress, CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync($"{names:N0} different names ...");
        await using var portal = await PortalProcess.StartAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = portal.Api, Timeout = TimeSpan.FromMinutes(2) };
        double warm = 0;
        for (int first = 0; first < names; first += BatchSize)
        {
            await ReportAsync(http, first, cancellationToken);
            warm = first == names / 10 / BatchSize * BatchSize ? portal.ResidentBytes : warm;
        }

        double end = portal.ResidentBytes;
        using var pipeline = JsonDocument.Parse(await http.GetStringAsync(new Uri("pipeline", UriKind.Relative), cancellationToken));
        var told = pipeline.RootElement.GetProperty("names");
        double used = told.GetProperty("used").GetDouble();
        double max = told.GetProperty("most").GetDouble();
        return
        [
            new("different names reported", names, ""),
            new("  names that are kept", used, "", "the bound", max, Goal.AtMost(1)),
            new("  operations kept under (other names), as the portal says", told.GetProperty("other_operations").GetDouble(), "", "reported beyond the bound", names - used, Goal.AtLeast(1)),
            new("  memory afterwards", end / 1e6, "MB", "after a tenth of them", warm / 1e6, Goal.AtMost(1.5)),
        ];
    }

    private static async Task ReportAsync(HttpClient http, int first, CancellationToken cancellationToken)
    {
        var body = new StringBuilder("[");
        string start = TimeProvider.System.GetUtcNow().AddSeconds(-1).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        for (int i = first; i < first + BatchSize; i++)
        {
            body.Append(i == first ? "" : ",").Append(CultureInfo.InvariantCulture, $$"""{"id":"{{SampleBatch.IdOf(9, i)}}","metric_type":"model_operation","operation_name":"request {{i}}","source":"names","start_time":"{{start}}","duration_seconds":0.5,"success":true}""");
        }

        using var content = new StringContent(body.Append(']').ToString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await http.PostAsync(new Uri("operations/batch", UriKind.Relative), content, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        if (said.RootElement.GetProperty("accepted").GetInt32() != BatchSize)
        {
            throw new InvalidDataException($"Not all were accepted: {said.RootElement.GetRawText()[..200]}");
        }
    }
}
