using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints of findings: all of them, and those of each kind.</summary>
internal static class FindingsApi
{
    private static readonly ChoiceParameter<FindingState?> State =
        new("state", nameof(FindingState), Enum.GetValues<FindingState>().Select(state => (state.WireName(), (FindingState?)state)), null)
        {
            Description = "Only findings in this state.",
            Example = "open",
        };

    private static readonly ChoiceParameter<FindingKind?> Kind =
        new("kind", nameof(FindingKind), Enum.GetValues<FindingKind>().Select(kind => (kind.WireName(), (FindingKind?)kind)), null)
        {
            Description = "Only findings of this kind.",
            Example = "regression",
        };

    /// <summary>Maps the routes.</summary>
    public static void MapFindingsApi(this RouteGroupBuilder group)
    {
        group.MapGet("/findings", (HttpContext context, FindingReader findings, IncidentReader incidents, TimeProvider time, CancellationToken token) => ListAsync(context, findings, incidents, time, null, token))
            .WithName("ListFindings").WithParameters(RangeParameters.Day, SeriesParameters.All, State, Kind).Produces<ItemsBody<FindingBody>>()
            .WithSummary("List findings").WithDescription("The findings that lasted at some time in the range: open ones first, those with the largest impact first. Findings with the same incident are one story.");
        group.MapGet("/findings/{id}", FindAsync).WithName("GetFinding").WithParameters(PathParameter.FindingId).Produces<FindingBody>().WithProblems(404)
            .WithSummary("Get a finding").WithDescription("The latest observation of the problem, with its evidence and possible causes.");
        group.MapKind("/regressions", "ListRegressions", "List regressions", FindingKind.Regression, FindingKind.Degradation);
        group.MapKind("/anomalies", "ListAnomalies", "List anomalies", FindingKind.Anomaly, FindingKind.Silence);
        group.MapKind("/forecasts", "ListForecasts", "List forecasts", FindingKind.Forecast);
        group.MapKind("/failures", "ListRecurringFailures", "List recurring failures", FindingKind.RecurringFailure);
    }

    private static void MapKind(this RouteGroupBuilder group, string route, string name, string summary, params FindingKind[] kinds) =>
        group.MapGet(route, (HttpContext context, FindingReader findings, IncidentReader incidents, TimeProvider time, CancellationToken token) => ListAsync(context, findings, incidents, time, kinds, token))
            .WithName(name).WithParameters(RangeParameters.Day, SeriesParameters.All, State).Produces<ItemsBody<FindingBody>>()
            .WithSummary(summary).WithDescription($"The findings of kind {string.Join(" or ", kinds.Select(kind => kind.WireName()))} that lasted at some time in the range.");

    private static async Task<IResult> ListAsync(
        HttpContext context, FindingReader findings, IncidentReader incidents, TimeProvider time, FindingKind[]? kinds, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var range = query.Read(RangeParameters.Day);
        var series = query.Read(SeriesParameters.All);
        var state = query.Read(State);
        var kind = kinds is null ? query.Read(Kind) : null;
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var items = await findings.ListAsync(new(range, series) { Kinds = kind is { } one ? [one] : kinds, State = state }, cancellationToken).ConfigureAwait(false);
        var bodies = new List<FindingBody>();
        foreach (var item in items)
        {
            bodies.Add(FindingBody.Of(item, await incidents.FindAsync(item.Id, cancellationToken).ConfigureAwait(false)));
        }

        return TypedResults.Ok(new ItemsBody<FindingBody>(bodies));
    }

    private static async Task<IResult> FindAsync(string id, FindingReader findings, IncidentReader incidents, CancellationToken cancellationToken) =>
        await findings.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } finding
            ? TypedResults.Ok(FindingBody.Of(finding, await incidents.FindAsync(id, cancellationToken).ConfigureAwait(false)))
            : Problems.NotFound($"There is no finding with the id {id}. It may have been forgotten after it closed, or deleted with its source.");
}
