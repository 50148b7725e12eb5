using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>Writes declared parameters to the OpenAPI document.</summary>
internal static class ParameterWriter
{
    /// <summary>Replaces the parameters of an operation by the declared ones.</summary>
    public static void Write(OpenApiOperation operation, IReadOnlyList<Parameter> parameters, OpenApiDocument document) =>
        operation.Parameters = parameters.Count == 0 ? null : [.. parameters.Select(parameter => Write(parameter, document))];

    /// <summary>Adds the choices of parameters to the schemas of the document, unless the type of a body has already added them.</summary>
    public static void AddChoices(OpenApiDocument document, IEnumerable<Parameter> parameters)
    {
        foreach (var shape in parameters.Select(parameter => parameter.Shape).Where(shape => shape.ChoiceName is not null))
        {
            if (document.Components?.Schemas?.ContainsKey(shape.ChoiceName!) != true)
            {
                document.AddComponent<IOpenApiSchema>(shape.ChoiceName!, new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum = [.. shape.Choices.Select(choice => (JsonNode)JsonValue.Create(choice)!)],
                    Default = shape.Type == "array" ? null : shape.Default?.DeepClone(),
                });
            }
        }
    }

    private static OpenApiParameter Write(Parameter parameter, OpenApiDocument document)
    {
        var written = new OpenApiParameter
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
            Schema = Schema(parameter.Shape, document),
            Example = Example(parameter),
        };
        if (parameter.Shape.Type == "array")
        {
            // Its items are separated by commas.
            written.Style = ParameterStyle.Form;
            written.Explode = false;
        }

        return written;
    }

    private static IOpenApiSchema Schema(ValueShape shape, OpenApiDocument document)
    {
        var choices = shape.ChoiceName is { } name ? new OpenApiSchemaReference(name, document) : null;
        if (shape.Type == "array")
        {
            return new OpenApiSchema { Type = JsonSchemaType.Array, Items = choices, MinItems = 1, Default = shape.Default?.DeepClone() };
        }

        return choices is not null ? choices : new OpenApiSchema
        {
            Type = shape.Type switch
            {
                "integer" => JsonSchemaType.Integer,
                "number" => JsonSchemaType.Number,
                "boolean" => JsonSchemaType.Boolean,
                _ => JsonSchemaType.String,
            },
            Format = shape.Format,
            Minimum = shape.Minimum?.ToString(CultureInfo.InvariantCulture),
            Maximum = shape.Maximum?.ToString(CultureInfo.InvariantCulture),
            MaxLength = shape.MaxLength,
            Default = shape.Default?.DeepClone(),
        };
    }

    private static JsonNode? Example(Parameter parameter) => parameter.Example is not { } text ? null : parameter.Shape.Type switch
    {
        "integer" or "number" or "boolean" => JsonNode.Parse(text),
        "array" => new JsonArray([.. text.Split(',').Select(item => JsonValue.Create(item))]),
        _ => JsonValue.Create(text),
    };
}
