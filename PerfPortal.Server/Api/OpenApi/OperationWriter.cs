using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PerfPortal.Server.Security;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>Completes an operation from the declarations of its endpoint: parameters, errors, headers, access and examples.</summary>
internal static class OperationWriter
{
    private const string Json = "application/json";

    /// <summary>Completes an operation.</summary>
    public static Task WriteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var metadata = new EndpointMetadataCollection(context.Description.ActionDescriptor.EndpointMetadata);
        var parameters = ParameterMetadata.Of(metadata);
        ParameterWriter.Write(operation, parameters, document);
        WriteBody(operation, metadata);
        WriteAnswers(operation, context, metadata);
        foreach (int status in ProblemResponses.StatusesOf(metadata, parameters, operation.RequestBody is not null))
        {
            operation.Responses![status.ToString(CultureInfo.InvariantCulture)] = ProblemResponses.Refer(status, document);
        }

        WriteAccess(operation, metadata, document);
        return Task.CompletedTask;
    }

    private static void WriteBody(OpenApiOperation operation, EndpointMetadataCollection metadata)
    {
        if (operation.RequestBody is not OpenApiRequestBody { Content: { } content } body)
        {
            return;
        }

        body.Required = metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>()?.IsOptional != true;
        var items = metadata.GetMetadata<BodyItemsMetadata>();
        var type = metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>()?.RequestType;
        foreach ((string mediaType, var media) in content)
        {
            if (mediaType != Json)
            {
                media.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "One JSON object per line." };
                media.Example = Examples.TextOf(mediaType);
                continue;
            }

            media.Example = Examples.Of(type);
            if (items is not null && media.Schema is OpenApiSchema array)
            {
                array.MaxItems = items.Max;
                if (items.AcceptsOne)
                {
                    media.Schema = new OpenApiSchema { OneOf = [array.Items!, array] };
                }
            }
        }
    }

    private static void WriteAnswers(OpenApiOperation operation, OpenApiOperationTransformerContext context, EndpointMetadataCollection metadata)
    {
        var headers = metadata.GetOrderedMetadata<ResponseHeaderMetadata>();
        foreach (var answer in context.Description.SupportedResponseTypes)
        {
            if (operation.Responses?.GetValueOrDefault(answer.StatusCode.ToString(CultureInfo.InvariantCulture)) is not OpenApiResponse response)
            {
                continue;
            }

            response.Description = DescriptionOf(answer.StatusCode);
            foreach ((string mediaType, var media) in response.Content ?? new Dictionary<string, OpenApiMediaType>())
            {
                if (mediaType == Json)
                {
                    media.Example = Examples.Of(answer.Type);
                }
                else
                {
                    media.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
                    media.Example = Examples.TextOf(mediaType);
                }
            }

            foreach (var header in headers.Where(header => header.Status == answer.StatusCode))
            {
                response.Headers ??= new Dictionary<string, IOpenApiHeader>();
                response.Headers[header.Name] = new OpenApiHeader { Description = header.Description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
            }
        }
    }

    private static string DescriptionOf(int status) => status switch
    {
        StatusCodes.Status201Created => "Created.",
        StatusCodes.Status304NotModified => "The version in If-None-Match is current. No body.",
        _ => "Success.",
    };

    /// <summary>The sets of scopes of which one suffices.</summary>
    private static IEnumerable<List<string>> Ways(IEnumerable<RequireScopeAttribute> required) => required.Aggregate<RequireScopeAttribute, IEnumerable<List<string>>>(
        [[]], (ways, item) => ways.SelectMany(way => item.AnyOf.Select(scope => (List<string>)[.. way, scope.WireName()])));

    /// <summary>A list of security requirements means any of them; the scopes of each are all required.</summary>
    private static void WriteAccess(OpenApiOperation operation, EndpointMetadataCollection metadata, OpenApiDocument document)
    {
        var required = metadata.GetOrderedMetadata<RequireScopeAttribute>();
        List<string>[] ways = [.. Ways(required)];
        operation.Security = required.Count == 0
            ? []
            : [.. ways.SelectMany(scopes => SecuritySchemes.Names.Select(name => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(name, document)] = scopes }))];
        if (required.Count > 0)
        {
            operation.Description = $"{operation.Description} Requires the scope {string.Join(" and ", required.Select(item => item.Words))}.".TrimStart();
        }
    }
}
