using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Ingest;

/// <summary>An operation as System.Text.Json reads it with code made at build time: what the portal's reading is held against.</summary>
internal sealed class ReportedItem
{
    public Guid? Id { get; set; }

    public string? MetricType { get; set; }

    public string? OperationName { get; set; }

    public string? Source { get; set; }

    public DateTimeOffset StartTime { get; set; }

    public DateTimeOffset? EndTime { get; set; }

    public double? DurationSeconds { get; set; }

    public bool? Success { get; set; }

    public string? ErrorType { get; set; }

    public string? ErrorMessage { get; set; }

    public Dictionary<string, JsonElement>? Metadata { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReportedItem[]))]
internal sealed partial class ReportedItemJson : JsonSerializerContext;

/// <summary>An endpoint that deserializes batches and throws them away.</summary>
internal static class DeserializingYardstick
{
    /// <summary>Where batches go.</summary>
    public const string Path = "batch";

    /// <summary>The yardstick.</summary>
    public static Yardstick Server { get; } = new("deserialize", _ => { }, app => app.MapPost("/" + Path, ReadAsync));

    private static async Task ReadAsync(HttpContext context)
    {
        var items = await JsonSerializer.DeserializeAsync(context.Request.Body, ReportedItemJson.Default.ReportedItemArray, context.RequestAborted);
        await context.Response.WriteAsync(items!.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), context.RequestAborted);
    }
}
