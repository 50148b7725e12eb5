using Microsoft.OpenApi;
using PerfPortal.Server.Security;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>The error responses of the API, each a problem document, which operations refer to by name.</summary>
internal static class ProblemResponses
{
    private const string MediaType = "application/problem+json";
    private static readonly Dictionary<int, Known> ByStatus = new()
    {
        [400] = new("BadRequest", "The request is not valid.", "limit must be a whole number from 1 to 1000.", "A parameter or the body is not valid. errors lists every mistake."),
        [401] = new("Unauthorized", "Unauthorized", "Sign in, or send an access key in the Authorization: Bearer or the X-Api-Key header.", "A key or a session is required. Not required by a portal that is bound to loopback."),
        [403] = new("Forbidden", "Forbidden", "This request requires the scope admin.", "The key lacks the scope, or the request comes from a foreign host, origin or proxy."),
        [404] = new("NotFound", "Not found.", "There is no operation with the id 018f2f6e-7c1a-7000-8000-000000000001.", "There is nothing with this id or name."),
        [409] = new("Conflict", "The request conflicts with the stored state.", "The operation 018f2f6e-7c1a-7000-8000-000000000001 has already completed with status succeeded.", "The request contradicts what is stored."),
        [412] = new("PreconditionFailed", "The thresholds have changed.", "If-Match does not match the current version. Your changes were not saved.", "The version in If-Match is not the current one."),
        [413] = new("ContentTooLarge", "The body is too large.", "The limit is 16 MiB as sent and 64 MiB after decompression.", "The body is larger than a limit."),
        [415] = new("UnsupportedMediaType", "The media type is not supported.", "Content-Type must be application/json.", "The operation does not accept the media type or encoding of the body."),
        [422] = new("UnprocessableContent", "Items of the batch were rejected.", "1 of 100 items was rejected; the other 99 are stored. The first is item 7: start_time is missing.", "With strict=true, items were rejected; or the idempotency key was used for another body."),
        [428] = new("PreconditionRequired", "A precondition is required.", "If-Match must contain the ETag of the thresholds that the change is based on.", "If-Match is missing."),
        [429] = new("TooManyRequests", "Too Many Requests", "Too many requests with an invalid key from this address.", "Too many requests; Retry-After states when to try again.", HasRetryAfter: true),
        [500] = new("InternalServerError", "Internal server error.", "The error has been logged with the trace id.", "The portal failed. The error is in the log under the trace id."),
        [502] = new("BadGateway", "The hub does not list the repository.", "huggingface.co did not answer within 60 s.", "Another server that is needed for the answer failed."),
        [503] = new("ServiceUnavailable", "The service is temporarily unavailable.", "The portal is starting.", "Not accepted; the request is safe to repeat after Retry-After.", HasRetryAfter: true),
    };

    /// <summary>The statuses of the problems that an endpoint can answer with, ascending.</summary>
    /// <param name="metadata">The declarations of the endpoint.</param>
    /// <param name="parameters">Its declared parameters.</param>
    /// <param name="hasBody">Whether it reads a body.</param>
    public static IEnumerable<int> StatusesOf(EndpointMetadataCollection metadata, IReadOnlyList<Parameter> parameters, bool hasBody)
    {
        var statuses = new SortedSet<int> { 403, 500 };
        statuses.UnionWith(metadata.GetOrderedMetadata<ProblemMetadata>().SelectMany(item => item.Statuses));
        if (metadata.GetMetadata<RequireScopeAttribute>() is not null)
        {
            statuses.UnionWith([401, 429]);
        }

        if (hasBody)
        {
            statuses.UnionWith([400, 413, 415]);
        }

        if (parameters.Any(parameter => parameter.Place == ParameterPlace.Query))
        {
            statuses.Add(400);
        }

        return statuses;
    }

    /// <summary>Refers to the problem with a status.</summary>
    /// <exception cref="KeyNotFoundException">The status is not among the errors of the API.</exception>
    public static OpenApiResponseReference Refer(int status, OpenApiDocument document) => new(ByStatus[status].Name, document);

    /// <summary>Adds the responses to the document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="schema">The schema of a problem.</param>
    public static void AddTo(OpenApiDocument document, IOpenApiSchema schema)
    {
        foreach ((int status, var known) in ByStatus)
        {
            document.AddComponent<IOpenApiResponse>(known.Name, known.Write(status, schema));
        }
    }

    private sealed record Known(string Name, string Title, string Detail, string Description, bool HasRetryAfter = false)
    {
        public OpenApiResponse Write(int status, IOpenApiSchema schema)
        {
            var response = new OpenApiResponse
            {
                Description = Description,
                Content = new Dictionary<string, OpenApiMediaType> { [MediaType] = new() { Schema = schema, Example = Examples.Problem(status, Title, Detail) } },
            };
            if (HasRetryAfter)
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeader
                    {
                        Description = "The seconds to wait before the next attempt.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
                    },
                };
            }

            return response;
        }
    }
}
