using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Wire.Parameters;

/// <summary>A segment of the path. Routing supplies the text; the endpoint parses it.</summary>
internal sealed class PathParameter(string name, ValueShape shape) : Parameter(name)
{
    /// <summary>The id of an operation.</summary>
    public static readonly PathParameter OperationId = new("id", new("string") { Format = "uuid" })
    {
        Description = "The id of the operation.",
        Example = "018f2f6e-7c1a-7000-8000-000000000001",
    };

    /// <summary>A metric type.</summary>
    public static readonly PathParameter MetricType = new("metric_type", new("string") { ChoiceName = nameof(Domain.Operations.MetricType), Choices = MetricTypes.WireNames })
    {
        Description = "The metric type of the operations.",
        Example = "model_operation",
    };

    /// <summary>The id of a recommendation.</summary>
    public static readonly PathParameter RecommendationId = new("id", new("string"))
    {
        Description = "The id of the recommendation, as returned in the list of recommendations.",
        Example = "3f1b2c4d5e6f708192a3b4c5d6e7f809",
    };

    /// <summary>The ID of a finding.</summary>
    public static readonly PathParameter FindingId = new("id", new("string"))
    {
        Description = "The id of the finding, as returned in the list of findings.",
        Example = "9c1d2e3f405162738495a6b7c8d9e0f1",
    };

    /// <summary>The ID of an alert.</summary>
    public static readonly PathParameter AlertId = new("id", new("string"))
    {
        Description = "The id of the alert, as returned in the list of alerts.",
        Example = "5b6c7d8e9f00112233445566778899aa",
    };

    /// <summary>The ID of an alert rule.</summary>
    public static readonly PathParameter AlertRuleId = new("id", new("string"))
    {
        Description = "The id of the rule, as returned in the list of rules.",
        Example = "builtin-high-cpu",
    };

    /// <summary>The ID of a silence.</summary>
    public static readonly PathParameter SilenceId = new("id", new("string"))
    {
        Description = "The id of the silence, as returned in the list of silences.",
        Example = "1122334455667788990a1b2c3d4e5f60",
    };

    /// <summary>The ID of a receiver.</summary>
    public static readonly PathParameter ReceiverId = new("id", new("string"))
    {
        Description = "The id of the receiver, as returned in the list of receivers.",
        Example = "3f1b2c4d5e6f708192a3b4c5d6e7f809",
    };

    /// <summary>The number of a marker.</summary>
    public static readonly PathParameter MarkerId = new("id", new("string"))
    {
        Description = "The number of the marker, as returned in the list of markers.",
        Example = "17",
    };

    /// <summary>A source.</summary>
    public static readonly PathParameter Source = new("source", new("string"))
    {
        Description = "The source, percent-encoded.",
        Example = "gpu-1",
    };

    public override ParameterPlace Place => ParameterPlace.Path;

    public override ValueShape Shape { get; } = shape;
}

/// <summary>A request header.</summary>
internal sealed class HeaderParameter(string name, bool isRequired = false, int? maxLength = null) : Parameter(name)
{
    /// <summary>The version of a resource that a change is based on.</summary>
    public static readonly HeaderParameter IfMatch = new("If-Match", isRequired: true)
    {
        Description = "The ETag of the version that the change is based on. 428 without it, 412 when the stored version is a different one.",
        Example = "\"thresholds-3\"",
    };

    /// <summary>The version of a resource that may be deleted; any when missing.</summary>
    public static readonly HeaderParameter IfMatchOptional = new("If-Match")
    {
        Description = "The ETag of the version that is meant; 412 when the stored version is a different one. Any version when missing.",
        Example = "\"rule-0f1e2d3c4b5a6978\"",
    };

    /// <summary>The version of a resource that the client has.</summary>
    public static readonly HeaderParameter IfNoneMatch = new("If-None-Match")
    {
        Description = "The ETag of the version that the client has; the response is 304 without a body while that version is current.",
        Example = "\"d-1f6\"",
    };

    /// <summary>A key by which a resend is recognised.</summary>
    public static readonly HeaderParameter IdempotencyKey = new("Idempotency-Key", maxLength: 255)
    {
        Description = "1 to 255 printable ASCII characters that identify this report: a resend with the same key and body counts once. 422 when the key was used for another body.",
        Example = "import-2026-01-31-7",
    };

    /// <summary>The maximum length in characters.</summary>
    public int? MaxLength { get; } = maxLength;

    public override ParameterPlace Place => ParameterPlace.Header;

    public override bool IsRequired { get; } = isRequired;

    public override ValueShape Shape => new("string") { MaxLength = MaxLength };

    /// <summary>Reads the header; an empty one counts as missing.</summary>
    public string? Read(HttpRequest request) => request.Headers[Name] is [{ Length: > 0 }, ..] values ? values.ToString() : null;
}
