using PerfPortal.Server.Views;

namespace PerfPortal.Server.Api;

/// <summary>The endpoint of the ingestion pipeline.</summary>
internal static class PipelineApi
{
    /// <summary>Maps the route.</summary>
    public static void MapPipelineApi(this RouteGroupBuilder group) =>
        group.MapGet("/pipeline", (PipelineReader pipeline) => TypedResults.Ok(pipeline.Read()))
            .WithName("GetPipeline")
            .WithSummary("Get the state of the ingestion pipeline")
            .WithDescription("Queue length, throughput, commits, rejected reports, and the usage of the limits for operation names and sources.");
}
