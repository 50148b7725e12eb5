using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PerfPortal.Server.Alerts.Receivers;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>The examples of bodies, written by the format of the portal itself.</summary>
internal static class Examples
{
    // A client leaves out what it does not report.
    private static readonly JsonSerializerOptions Requests = new(WireJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly Dictionary<Type, Func<JsonNode?>> ByType = new()
    {
        [typeof(StartBody)] = () => Request(RequestExamples.Start),
        [typeof(UpdateBody)] = () => Request(RequestExamples.Update),
        [typeof(CompleteBody)] = () => Request(RequestExamples.Completion),
        [typeof(BatchItemBody[])] = () => Request(RequestExamples.Batch),
        [typeof(SampleReport[])] = RequestExamples.Samples,
        [typeof(MarkerReport)] = () => Request(RequestExamples.Marker),
        [typeof(LossReport)] = () => Request(RequestExamples.Loss),
        [typeof(PinBody)] = () => Request(RequestExamples.Pin),
        [typeof(DetectRequestBody)] = () => Request(RequestExamples.Series),
        [typeof(AcknowledgeBody)] = () => Request(RequestExamples.Acknowledgement),
        [typeof(AlertRuleReport)] = () => Request(RequestExamples.AlertRule),
        [typeof(ReceiverReport)] = () => Request(RequestExamples.Receiver),
        [typeof(SilenceReport)] = () => Request(RequestExamples.Silence),
        [typeof(DownloadReport)] = () => Request(RequestExamples.Download),
        [typeof(ModelCheckReport)] = () => Request(RequestExamples.ModelCheck),
        [typeof(ModelRepairReport)] = () => Request(RequestExamples.ModelRepair),
        [typeof(DecisionBody)] = () => Request(RequestExamples.Decision),
        [typeof(ThresholdChangesBody)] = () => Request(RequestExamples.ThresholdChanges),
    };

    private static readonly Dictionary<string, Func<string>> ByMediaType = new(StringComparer.Ordinal)
    {
        ["application/x-ndjson"] = () => string.Concat(RequestExamples.Batch.Select(item => Request(item)!.ToJsonString(WireJson.Options) + "\n")),
        ["text/csv"] = () => "metric_type,operation_name,count\r\nmodel_operation,llama-3-8b,120\r\n",
        ["text/html"] = () => "<!DOCTYPE html><html lang=\"en\"><head><title>Performance report</title></head><body>…</body></html>",
        ["text/markdown"] = () => "# Performance report\n\n| name | count |\n| --- | --- |\n| llama-3-8b | 120 |\n",
        ["text/plain"] = () => "ok",
        ["text/event-stream"] = () => "event: DashboardChanged\ndata: {\"sequence\":1,\"is_snapshot\":false,\"dashboard\":{}}\n\n",
    };

    /// <summary>The example of a body of a type.</summary>
    /// <exception cref="KeyNotFoundException">The type has no example.</exception>
    public static JsonNode? Of(Type? type) => type is null ? null
        : ByType.TryGetValue(type, out var request) ? request()
        : JsonSerializer.SerializeToNode(ResponseExamples.Of(type), WireJson.Options);

    /// <summary>The example of a body of a media type other than JSON.</summary>
    /// <exception cref="KeyNotFoundException">The media type has no example.</exception>
    public static JsonNode TextOf(string mediaType) => JsonValue.Create(ByMediaType[mediaType]());

    /// <summary>The example of a problem.</summary>
    public static JsonNode? Problem(int status, string title, string detail) => JsonSerializer.SerializeToNode(
        new ProblemBody(
            "about:blank", title, status, detail, ApiRoutes.Root + "/operations", "0af7651916cd43dd8448eb211c80319c",
            status == StatusCodes.Status400BadRequest ? [new(detail, "/limit")] : null),
        WireJson.Options);

    private static JsonNode? Request(object body) => JsonSerializer.SerializeToNode(body, Requests);
}
