using System.Globalization;
using Microsoft.OpenApi;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>Adds the members that bodies take from catalogues: the metrics of samples, and the thresholds.</summary>
internal static class CatalogueSchemas
{
    /// <summary>Adds the members of a type, if it has any.</summary>
    public static void AddMembers(OpenApiSchema schema, Type type)
    {
        if (type == typeof(SampleMembers) || type == typeof(SampleReport))
        {
            if (type == typeof(SampleReport) && schema.Properties!["cpu_cores"] is OpenApiSchema { Items: OpenApiSchema core })
            {
                core.Minimum = "0";
                core.Maximum = "100";
            }

            foreach (var info in ResourceMetrics.All)
            {
                AddMetric(schema, info, isRequired: type == typeof(SampleMembers));
            }
        }
        else if (type == typeof(ThresholdsBody) || type == typeof(ThresholdChangesBody))
        {
            foreach (var info in ThresholdCatalog.All)
            {
                AddThreshold(schema, info, isRequired: type == typeof(ThresholdsBody));
            }

            Add(schema, ThresholdDocument.SlowByName, isRequired: type == typeof(ThresholdsBody), new()
            {
                Type = JsonSchemaType.Object,
                MaxProperties = NameLimits.MaxNames,
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double", Minimum = Text(NameLimits.MinSeconds), Maximum = Text(NameLimits.MaxSeconds) },
                Description = "The seconds above which an operation of a name is slow, for names whose normal duration differs from that of their type. A change replaces the whole object.",
            });
        }
    }

    private static void AddMetric(OpenApiSchema schema, ResourceMetricInfo info, bool isRequired) => Add(schema, info.WireName, isRequired, new()
    {
        Type = JsonSchemaType.Number | JsonSchemaType.Null,
        Format = "double",
        Minimum = "0",
        Maximum = Text(info.Max),
        Description = $"Measured by the sensor {info.Sensor}{(info.Unit.Length == 0 ? "" : $", in {info.Unit}")}; null when it was not measured.",
    });

    private static void AddThreshold(OpenApiSchema schema, ThresholdInfo info, bool isRequired) => Add(schema, info.WireName, isRequired, new()
    {
        Type = JsonSchemaType.Number,
        Format = "double",
        Minimum = Text(info.Min),
        Maximum = Text(info.Max),
        Description = $"{info.Description} Unit: {info.Unit}.",
    });

    private static void Add(OpenApiSchema schema, string name, bool isRequired, OpenApiSchema member)
    {
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        schema.Properties[name] = member;
        if (isRequired)
        {
            schema.Required ??= new HashSet<string>(StringComparer.Ordinal);
            schema.Required.Add(name);
        }
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
