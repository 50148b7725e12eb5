using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>Writes declared parameters to the OpenAPI document.</summary>
internal static class ParameterWriter
{
    /// <summary>Replaces the parameters of an operation by the declared ones.</summary>
    public static void Write(OpenApiOperation operation, IReadOnlyList<Parameter> parameters) =>
        operation.Parameters = parameters.Count == 0 ? null : [.. parameters.Select(Write)];

    private static IOpenApiParameter Write(Parameter parameter)
    {
        var written = Describe(parameter);
        if (parameter.Shape.Type == "array")
        {
            // Its items are separated by commas.
            written.Style = ParameterStyle.Form;
            written.Explode = false;
        }

        return written;
    }

    private static OpenApiParameter Describe(Parameter parameter) => new()
    {
        Name = parameter.Name,
        In = parameter.Place switch
        {
            ParameterPlace.Path => ParameterLocation.Path,
            ParameterPlace.Header => ParameterLocation.Header,
            _ => ParameterLocation.Query,
        },
        Description = parameter.Description,
        Required = parameter.IsRequired,
        Schema = Schema(parameter.Shape),
        Example = Example(parameter),

    };

    private static OpenApiSchema Schema(ValueShape shape)
    {
        List<JsonNode>? choices = shape.Choices.Count == 0 ? null : [.. shape.Choices.Select(choice => (JsonNode)JsonValue.Create(choice)!)];
        var schema = new OpenApiSchema
        {
            Type = shape.Type switch
            {
                "integer" => JsonSchemaType.Integer,
                "number" => JsonSchemaType.Number,
                "boolean" => JsonSchemaType.Boolean,
                "array" => JsonSchemaType.Array,
                _ => JsonSchemaType.String,
            },
            Format = shape.Format,
            Minimum = shape.Minimum?.ToString(CultureInfo.InvariantCulture),
            Maximum = shape.Maximum?.ToString(CultureInfo.InvariantCulture),
            MaxLength = shape.MaxLength,
            Default = shape.Default?.DeepClone(),
        };
        if (shape.Type == "array")
        {
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = choices };
            schema.MinItems = 1;
        }
        else
        {
            schema.Enum = choices;
        }

        return schema;
    }

    private static JsonNode? Example(Parameter parameter) => parameter.Example is not { } text ? null : parameter.Shape.Type switch
    {
        "integer" or "number" or "boolean" => JsonNode.Parse(text),
        "array" => new JsonArray([.. text.Split(',').Select(item => JsonValue.Create(item))]),
        _ => JsonValue.Create(text),
    };
}
