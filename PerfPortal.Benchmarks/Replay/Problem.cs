using System.Text.Json;

namespace PerfPortal.Benchmarks.Replay;

/// <summary>The readable part of an error answer.</summary>
internal static class Problem
{
    private const int MaxLength = 300;

    /// <summary>The details of <c>application/problem+json</c> (RFC 9457), its mistakes included, or the status line's words where the body is something else.</summary>
    public static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string otherwise = response.ReasonPhrase ?? "no reason given";
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return otherwise;
        }

        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var problem = await JsonDocument.ParseAsync(body, default, cancellationToken);
            string text = string.Join("; ", Sentences(problem.RootElement).Distinct());
            return text.Length switch
            {
                0 => otherwise,
                > MaxLength => text[..MaxLength] + "…",
                _ => text,
            };
        }
        catch (JsonException)
        {
            return otherwise;
        }
    }

    private static IEnumerable<string> Sentences(JsonElement problem)
    {
        if (problem.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        if ((Text(problem, "detail") ?? Text(problem, "title")) is { } whole)
        {
            yield return whole;
        }

        if (!problem.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var error in errors.EnumerateArray())
        {
            if (Text(error, "detail") is { } detail)
            {
                yield return detail;
            }
        }
    }

    private static string? Text(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
