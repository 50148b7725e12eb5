using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>The names of schemas, which generated clients use as the names of their types.</summary>
internal static class SchemaNames
{
    private const string Suffix = "Body";

    /// <summary>Names that cannot be derived from the type.</summary>
    private static readonly Dictionary<Type, string> Named = new()
    {
        [typeof(StartBody)] = "OperationStart",
        [typeof(UpdateBody)] = "OperationUpdate",
        [typeof(CompleteBody)] = "OperationCompletion",
        [typeof(BatchItemBody)] = "CompletedOperation",
        [typeof(BatchAnswer)] = "BatchResult",
        [typeof(SamplesAnswer)] = "SampleReportResult",
        [typeof(SampleMembers)] = "ResourceSample",
        [typeof(MetricsBody)] = "OperationPage",
        [typeof(OptimizeBody)] = "AnalysisResult",
        [typeof(LookedAtBody)] = "AnalysisScope",
        [typeof(PreviewBody)] = "ThresholdPreview",
        [typeof(PinBody)] = "BaselinePin",
        [typeof(DetectRequestBody)] = "SeriesToExamine",
        [typeof(DetectBody)] = "ExaminedSeries",
        [typeof(CompareBody)] = "Comparison",
        [typeof(PairBody)] = "ComparedStatistics",
        [typeof(PlacesBody)] = "NameUsage",
        [typeof(DecisionBody)] = "RecommendationDecision",
        [typeof(ReferenceBody)] = "OperationReference",
        [typeof(OutcomeStatistics)] = "Statistics",

        // The report writes some results of the domain as they are.
        [typeof(Bottleneck)] = "ReportBottleneck",
        [typeof(BottleneckEvidence)] = "ReportBottleneckEvidence",
        [typeof(Recommendation)] = "ReportRecommendation",
        [typeof(OperationReference)] = "ReportOperationReference",
    };

    /// <summary>The name of the schema of a type; <see langword="null"/> for types that are written in place.</summary>
    public static string? Of(JsonTypeInfo info)
    {
        string? name = OpenApiOptions.CreateDefaultSchemaReferenceId(info);
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        return name is null || type == typeof(TimeRange) ? null
            : Named.TryGetValue(type, out string? named) ? named
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ItemsBody<>) ? OfType(type.GenericTypeArguments[0]) + "List"
            : OfType(type);
    }

    private static string OfType(Type type) => Named.TryGetValue(type, out string? named) ? named
        : type.Name.EndsWith(Suffix, StringComparison.Ordinal) ? type.Name[..^Suffix.Length]
        : type.Name;
}
