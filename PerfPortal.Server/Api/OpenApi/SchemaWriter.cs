using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>
/// Completes the schemas of bodies: enumerations with wire names, required members, limits from attributes, and the members that come from catalogues.
/// </summary>
internal static class SchemaWriter
{
    /// <summary>Completes a schema.</summary>
    public static async Task WriteAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(MetricType))
        {
            WriteChoices(schema, MetricTypes.WireNames);
        }
        else if (type == typeof(OperationStatus))
        {
            WriteChoices(schema, Enum.GetValues<OperationStatus>().Select(status => status.WireName()));
        }
        else if (type == typeof(Metadata))
        {
            WriteMetadata(schema);
        }
        else if (type == typeof(TimeRange))
        {
            WriteTimeRange(schema);
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            WriteRequired(schema, context.JsonTypeInfo);
            CatalogueSchemas.AddMembers(schema, type);
        }

        if (type == typeof(DateTimeOffset) || schema.Enum is not null)
        {
            schema.Type ??= JsonSchemaType.String;
        }

        // The framework leaves out items whose format is the portal's own.
        if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } && schema.Items is null)
        {
            schema.Items = await context.GetOrCreateSchemaAsync(element, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        if (context.JsonPropertyInfo is { } property)
        {
            WriteNull(schema, property, type);
            WriteLimits(schema, property);
        }
    }

    private static void WriteChoices(OpenApiSchema schema, IEnumerable<string> names)
    {
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. names.Select(name => (JsonNode)JsonValue.Create(name)!)];
    }

    private static void WriteTimeRange(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["from"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time", Description = "The start, inclusive." },
            ["to"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time", Description = "The end, exclusive." },
        };
        schema.Required = new HashSet<string> { "from", "to" };
    }

    private static void WriteMetadata(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.AdditionalProperties = new OpenApiSchema();
        schema.MaxProperties = OperationLimits.MetadataMembers;
        schema.Description = string.Create(CultureInfo.InvariantCulture, $"Facts about the operation, at most {OperationLimits.MetadataBytes / 1024} KiB. Other numbers are custom metrics. Numbers keep their value, not their spelling: 1.50 is returned as 1.5. An integer of any size and a fraction of more than 17 significant digits are returned as sent. Known facts: ")
            + string.Join("; ", MetricTypes.All.Where(type => KnownFacts.Of(type).Count > 0)
                .Select(type => $"{type.WireName()}: {string.Join(", ", KnownFacts.Of(type).Select(fact => fact.Name))}")) + ".";
    }

    /// <summary>A response always has all of its members; a request needs those that cannot be null.</summary>
    private static void WriteRequired(OpenApiSchema schema, JsonTypeInfo info)
    {
        bool isRequest = info.Type.IsAssignableTo(typeof(IRequestBody));
        schema.AdditionalPropertiesAllowed = !info.Type.IsAssignableTo(typeof(IClosedRequestBody));
        schema.Required = info.Properties
            .Where(property => schema.Properties?.ContainsKey(property.Name) == true)
            .Where(property => isRequest ? !property.IsGetNullable : !Has<OptionalMemberAttribute>(property))
            .Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The framework does not see that types with a format of the portal can be null, and treats a member that may be missing as one that may be null.</summary>
    private static void WriteNull(OpenApiSchema schema, JsonPropertyInfo property, Type type)
    {
        if (Has<OptionalMemberAttribute>(property))
        {
            schema.Type &= ~JsonSchemaType.Null;
        }
        else if (property.IsGetNullable && (type == typeof(DateTimeOffset) || type == typeof(TimeRange)))
        {
            schema.Type |= JsonSchemaType.Null;
        }
    }

    private static void WriteLimits(OpenApiSchema schema, JsonPropertyInfo property)
    {
        schema.MinLength = schema.MinLength == 0 ? null : schema.MinLength;

        // The framework writes the limit of a collection as the length of a text.
        if (schema.Type?.HasFlag(JsonSchemaType.Object) == true && schema.MaxLength is { } max)
        {
            schema.MaxProperties = max;
            schema.MaxLength = null;
        }

        if (property.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: false) is [AllowedValuesAttribute allowed])
        {
            schema.Enum = [.. allowed.Values.Select(value => (JsonNode)JsonValue.Create((string)value!)!)];
            if (property.IsGetNullable)
            {
                schema.Enum.Add(JsonNullSentinel.JsonNull);
            }
        }
    }

    private static bool Has<T>(JsonPropertyInfo property) => property.AttributeProvider?.IsDefined(typeof(T), inherit: false) == true;
}
