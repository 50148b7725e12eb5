using System.Text.Json;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Client;

/// <summary>Reads the answer of <c>/advice/…</c>.</summary>
internal static class AdviceReader
{
    /// <summary>Returns the items, or <see langword="null"/> for a body that is something else.</summary>
    public static IReadOnlyList<AdviceItem>? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return [.. document.RootElement.GetProperty("items"u8).EnumerateArray().Select(Read)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private static AdviceItem Read(JsonElement item) => new()
    {
        Kind = Text(item, "kind") ?? "",
        Subject = Text(item, "subject"),
        Value = Number(item, "value"),
        Unit = Text(item, "unit") ?? "",
        SampleCount = item.GetProperty("sample_count"u8).GetInt64(),
        Confidence = item.GetProperty("confidence"u8).GetDouble(),
        ExpiresAt = Rfc3339.TryParse(Text(item, "expires_at"), out var expires) ? expires : throw new FormatException("expires_at is not a time."),
        SafeDefault = Number(item, "safe_default"),
        Reason = Text(item, "reason") ?? "",
    };

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
