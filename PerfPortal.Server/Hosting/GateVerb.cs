using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// <c>PerfPortal.Server gate --to URL [--key KEY] …</c>: asks a portal for the benchmarks of a range, prints them, and ends with an exit code that a deployment can act on.
/// </summary>
internal static class GateVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "gate";

    /// <summary>No name regressed.</summary>
    public const int Passed = 0;

    /// <summary>A name, a type or the total regressed.</summary>
    public const int Regressed = 1;

    /// <summary>The portal could not be asked.</summary>
    public const int Failed = 2;

    /// <summary>Nothing regressed, but no name has enough operations for a verdict.</summary>
    public const int InsufficientData = 3;

    private const string Usage = """
        PerfPortal.Server gate --to URL [options]
          --to URL            The portal, for example http://localhost:5080
          --key KEY           An access key with the read scope; default: the variable PERFPORTAL_KEY
          --window LENGTH     The range to judge, up to now, for example 1h; default: 24h
          --from T, --until T The range to judge, instead of --window
          --baseline KIND     previous (default) or pinned
          --source S, --name N, --metric-type T
                              Only these operations
        Exit codes: 0 passed, 1 regressed, 2 the portal could not be asked, 3 not enough data for any verdict.
        """;

    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["--window"] = "window",
        ["--from"] = "from",
        ["--until"] = "to",
        ["--baseline"] = "baseline",
        ["--source"] = "source",
        ["--name"] = "name",
        ["--metric-type"] = "metric_type",
    };

    /// <summary>Runs the gate.</summary>
    /// <param name="args">The arguments after the verb.</param>
    /// <param name="output">Receives the table.</param>
    /// <param name="error">Receives errors.</param>
    /// <param name="handler">Answers the request; a connection by default.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, HttpMessageHandler? handler = null)
    {
        if (args is ["--help" or "-h" or "-?", ..])
        {
            await output.WriteLineAsync(Usage).ConfigureAwait(false);
            return Passed;
        }

        if (Read(args, out var url, out string? key) is { } mistake)
        {
            await error.WriteLineAsync($"{mistake}{Environment.NewLine}{Usage}").ConfigureAwait(false);
            return Failed;
        }

        using var client = handler is null ? new HttpClient() : new HttpClient(handler, disposeHandler: false);
        client.Timeout = TimeSpan.FromSeconds(60);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (key is { Length: > 0 })
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        try
        {
            using var answer = await client.SendAsync(request).ConfigureAwait(false);
            string text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
            if ((int)answer.StatusCode is not (200 or 409))
            {
                await error.WriteLineAsync($"{url} answered {(int)answer.StatusCode}: {DetailOf(text)}").ConfigureAwait(false);
                return Failed;
            }

            var body = JsonSerializer.Deserialize<BenchmarksBody>(text, WireJson.Options);
            if (body?.Items is null)
            {
                await error.WriteLineAsync($"{url} did not answer with benchmarks.").ConfigureAwait(false);
                return Failed;
            }

            await GateTable.WriteAsync(body, output).ConfigureAwait(false);
            return await ConcludeAsync(body, (int)answer.StatusCode == 409, output).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or JsonException)
        {
            await error.WriteLineAsync($"{url}: {exception.GetBaseException().Message}").ConfigureAwait(false);
            return Failed;
        }
    }

    private static async Task<int> ConcludeAsync(BenchmarksBody body, bool isRegressed, TextWriter output)
    {
        int judged = body.Items.Count(item => item.Verdict != "insufficient_data");
        if (isRegressed)
        {
            await output.WriteLineAsync("Regressed.").ConfigureAwait(false);
            return Regressed;
        }

        if (judged == 0)
        {
            await output.WriteLineAsync("Not enough data for any verdict.").ConfigureAwait(false);
            return InsufficientData;
        }

        await output.WriteLineAsync($"Passed: {Format.Count((long)judged)} of {Format.Count((long)body.Items.Count)} names judged.").ConfigureAwait(false);
        return Passed;
    }

    /// <summary>The detail of a problem document, or the beginning of anything else.</summary>
    private static string DetailOf(string text)
    {
        const int Characters = 200;
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("detail", out var detail))
            {
                return detail.ToString();
            }
        }
        catch (JsonException)
        {
            // Not a portal, or a proxy in front of it.
        }

        string line = text.Trim().Split('\n')[0];
        return line.Length <= Characters ? line : line[..Characters] + "…";
    }

    /// <summary>Returns the mistake in the arguments, or <see langword="null"/>.</summary>
    private static string? Read(string[] args, out Uri? url, out string? key)
    {
        url = null;
        key = Environment.GetEnvironmentVariable("PERFPORTAL_KEY");
        string? portal = null;
        var query = new Dictionary<string, string?> { ["fail_on"] = "regressed" };
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 >= args.Length)
            {
                return $"{args[i]} needs a value.";
            }

            string value = args[i + 1];
            switch (args[i])
            {
                case "--to":
                    portal = value;
                    break;
                case "--key":
                    key = value;
                    break;
                case var option when Parameters.TryGetValue(option, out string? name):
                    query[name] = value;
                    break;
                default:
                    return $"{args[i]} is not an option.";
            }
        }

        if (!Uri.TryCreate(portal, UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https"))
        {
            return portal is null ? "--to is missing." : $"--to must be the URL of a portal, not {portal}.";
        }

        url = new(QueryHelpers.AddQueryString(root.AbsoluteUri.TrimEnd('/') + ApiRoutes.Root + "/benchmarks", query));
        return null;
    }
}
