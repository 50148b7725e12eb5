using PerfPortal.Domain.Findings;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoint of recommendations that share a cause.</summary>
internal static class RecommendationGroupsApi
{
    /// <summary>Maps the route.</summary>
    public static void MapRecommendationGroups(this RouteGroupBuilder group) =>
        group.MapGet("/recommendations/groups", ListAsync).WithName("ListRecommendationGroups")
            .WithParameters(AnalysisApi.State, CommonParameters.Source, AnalysisApi.IsCurrent)
            .Produces<ItemsBody<RecommendationGroupBody>>()
            .WithSummary("List recommendations by cause")
            .WithDescription("Recommendations of the same kind, cause and state are one item with the combined gain, the most valuable first. To decide on an item, decide on each of its members.");

    private static async Task<IResult> ListAsync(HttpContext context, RecommendationReader recommendations, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var state = query.Read(AnalysisApi.State);
        string? source = query.Read(CommonParameters.Source);
        bool? isCurrent = query.Read(AnalysisApi.IsCurrent);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var items = await recommendations.ListAsync(source, cancellationToken).ConfigureAwait(false);
        var wanted = items.Where(item => (state is null || item.State == state) && (isCurrent is null || item.IsCurrent == isCurrent));
        return TypedResults.Ok(new ItemsBody<RecommendationGroupBody>([.. RecommendationGroups.Of(wanted).Select(RecommendationGroupBody.Of)]));
    }
}

/// <summary>Recommendations with the same kind, cause and state.</summary>
/// <param name="Id">The id, which stays the same for the same kind and cause: 32 hex digits.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Cause">The common cause, such as an error type; null when the kind alone describes it.</param>
/// <param name="Title">A short title.</param>
/// <param name="Sentence">A description with the measured value.</param>
/// <param name="Action">The recommended action.</param>
/// <param name="Condition">The condition under which each member is made, with the threshold values.</param>
/// <param name="ExpectedGain">The combined gain, computed from the evidence of the members.</param>
/// <param name="SecondsPerDay">The combined gain in seconds per day, by which the items are ordered; null when it is not one of time, or unknown.</param>
/// <param name="State"><c>open</c>, <c>applied</c> or <c>dismissed</c>: the state of every member.</param>
/// <param name="IsCurrent">Whether the latest analysis still makes one of these recommendations.</param>
/// <param name="Members">The recommendations, the largest gain first.</param>
internal sealed record RecommendationGroupBody(
    string Id, string Kind, string? Cause, string Title, string Sentence, string Action, string Condition, ExpectedGain ExpectedGain, double? SecondsPerDay,
    string State, bool IsCurrent, IReadOnlyList<RecommendationBody> Members)
{
    /// <summary>Converts a group to its wire form.</summary>
    public static RecommendationGroupBody Of(RecommendationGroup group) => new(
        group.Id, group.Kind, group.Cause, group.Title, group.Sentence, group.Action, group.Condition, group.Gain, group.SecondsPerDay,
        group.State.WireName(), group.IsCurrent, [.. group.Members.Select(RecommendationBody.Of)]);
}
