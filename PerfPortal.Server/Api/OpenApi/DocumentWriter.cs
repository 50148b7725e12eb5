using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>Completes the document: title, license, server, tags, security schemes and shared error responses.</summary>
internal static class DocumentWriter
{
    private const string Introduction =
        "Reports operations on AI models and samples of hosts to the portal, and reads the stored data and the results of its analysis. Members are in snake_case, times are RFC 3339 in UTC, durations are in seconds. "
        + "Every error is a problem document (RFC 9457). HEAD works wherever GET does, with the same status and headers. The contract changes only by addition: ignore unknown members.";

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Reporting", "Start, update and complete operations, report completed ones in batches, report samples of hosts, and tell what was lost on the way. A 2xx response means that the report is stored durably; repeating a report changes nothing."),
        ("Reading", "Operations, statistics, resources, sources, benchmarks, comparisons, recommendations and the report."),
        ("Analysis", "Run the analysis, decide on recommendations, and pin a baseline."),
        ("Advice", "What a downloader, a health monitor and a fallback manager should do better, from the recorded operations, and whether it helped."),
        ("Settings", "Read, preview and change the thresholds of the analysis."),
        ("Alerts", "Read, acknowledge and silence alerts; manage receivers."),
        ("Alert rules", "Rules: what raises an alert, what a rule would have done, and how noisy it is."),
        ("Models", "Download and check models on the portal's host."),
        ("Sources", "Remove a source, and load the demonstration data."),
        ("Live", "Live changes as server-sent events. The SignalR hub at /hubs/performance sends the same messages."),
        ("Export", "Operations as files."),
        ("Health", "Probes for orchestrators and monitoring; they need no key."),
    ];

    /// <summary>Completes the document.</summary>
    public static async Task WriteAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "PerfPortal API",
            Version = "1.0.0",
            Description = Introduction,
            License = new() { Name = "MIT License", Identifier = "MIT" },
            Contact = new() { Name = "The PerfPortal maintainers" },
        };
        foreach (var server in document.Servers ?? [])
        {
            server.Url = server.Url?.TrimEnd('/');
        }

        var used = document.Tags?.Select(tag => tag.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        document.Tags = Tags.Where(tag => used.Contains(tag.Name)).Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
        SecuritySchemes.AddTo(document);
        ParameterWriter.AddChoices(document, context.DescriptionGroups.SelectMany(group => group.Items).SelectMany(item => ParameterMetadata.Of(new(item.ActionDescriptor.EndpointMetadata))));
        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemBody), cancellationToken: cancellationToken).ConfigureAwait(false);
        var error = await context.GetOrCreateSchemaAsync(typeof(ValidationError), cancellationToken: cancellationToken).ConfigureAwait(false);
        document.AddComponent<IOpenApiSchema>("ValidationError", error);
        if (problem.Properties!["errors"] is OpenApiSchema errors)
        {
            errors.Items = new OpenApiSchemaReference("ValidationError", document);
        }

        document.AddComponent<IOpenApiSchema>("Problem", problem);
        ProblemResponses.AddTo(document, new OpenApiSchemaReference("Problem", document));
    }
}
