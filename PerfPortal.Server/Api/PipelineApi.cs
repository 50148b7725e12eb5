using PerfPortal.Server.Views;

namespace PerfPortal.Server.Api;

/// <summary>How what is reported flows into the store.</summary>
internal static class PipelineApi
{
    /// <summary>Maps the route.</summary>
    public static void MapPipelineApi(this RouteGroupBuilder group) =>
        group.MapGet("/pipeline", (PipelineReader pipeline) => TypedResults.Ok(pipeline.Read()))
            .WithSummary("How reports flow into the store")
            .WithDescription("Queue, rate, commits, what was refused and for how long, and how the places for operation names and sources are used.");
}
