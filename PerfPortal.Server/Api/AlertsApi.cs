using System.ComponentModel.DataAnnotations;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints of alerts.</summary>
internal static class AlertsApi
{
    private static readonly ChoiceParameter<AlertState?> State =
        new("state", nameof(AlertState), AlertStates.WireNames.Select((name, index) => (name, (AlertState?)(index + 1))), null)
        {
            Description = "Only alerts in this state.",
            Example = "firing",
        };

    private static readonly ChoiceParameter<AlertSeverity?> Severity =
        new("severity", nameof(AlertSeverity), Enum.GetValues<AlertSeverity>().Select(severity => (severity.WireName(), (AlertSeverity?)severity)), null)
        {
            Description = "Only alerts of this severity.",
            Example = "critical",
        };

    private static readonly TextParameter RuleId = new("rule_id", 64) { Description = "Only alerts of this rule.", Example = "builtin-high-cpu" };

    /// <summary>Maps the routes that read.</summary>
    public static void MapAlertsApi(this RouteGroupBuilder group)
    {
        group.MapGet("/alerts", ListAsync).WithName("ListAlerts").WithParameters(RangeParameters.Day, State, Severity, CommonParameters.Source, RuleId).Produces<ItemsBody<AlertBody>>()
            .WithSummary("List alerts")
            .WithDescription("The alerts that lasted at some time in the range: those that fire first, the most severe first, then pending ones, then resolved ones, the latest first. At most 1,000; next_cursor is always null.");
        group.MapGet("/alerts/{id}", FindAsync).WithName("GetAlert").WithParameters(PathParameter.AlertId).Produces<AlertBody>().WithProblems(404)
            .WithSummary("Get an alert").WithDescription("With its explanation, its messages and its history.");
    }

    /// <summary>Maps the routes by which people act.</summary>
    public static void MapAlertActions(this RouteGroupBuilder group)
    {
        group.MapPost("/alerts/{id}/acknowledge", AcknowledgeAsync).WithName("AcknowledgeAlert").WithParameters(PathParameter.AlertId)
            .Accepts<AcknowledgeBody>(isOptional: true, "application/json").Produces<AlertBody>().WithProblems(404)
            .WithSummary("Acknowledge an alert").WithDescription("Somebody has taken it on: it is not repeated until it fires anew. The body, with a note, is optional. 404 when it has resolved.");
        group.MapPost("/alerts/{id}/unacknowledge", WithdrawAsync).WithName("UnacknowledgeAlert").WithParameters(PathParameter.AlertId).Produces<AlertBody>().WithProblems(404)
            .WithSummary("Withdraw an acknowledgement").WithDescription("404 when the alert has resolved.");
    }

    private static async Task<IResult> ListAsync(HttpContext context, AlertReader alerts, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var range = query.Read(RangeParameters.Day);
        var state = query.Read(State);
        var severity = query.Read(Severity);
        string? source = query.Read(CommonParameters.Source);
        string? ruleId = query.Read(RuleId);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var found = await alerts.ListAsync(new(range) { State = state, Severity = severity, Source = source, RuleId = ruleId }, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        return TypedResults.Ok(new ItemsBody<AlertBody>([.. found.Select(view => ToBody(view, now, null))]));
    }

    private static async Task<IResult> FindAsync(string id, AlertReader alerts, TimeProvider time, CancellationToken cancellationToken) =>
        await alerts.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } found
            ? TypedResults.Ok(ToBody(found.View, time.GetUtcNow(), found.Events))
            : Problems.NotFound($"There is no alert with the id {id}.");

    private static async Task<IResult> AcknowledgeAsync(
        string id, HttpContext context, AlertEngine engine, AlertReader alerts, TimeProvider time, CancellationToken cancellationToken)
    {
        var (note, problem) = await NoteReader.ReadAsync(context.Request, AcknowledgeBody.NoteCharacters, cancellationToken, isClosed: true).ConfigureAwait(false);
        return problem
            ?? (await engine.AcknowledgeAsync(id, PersonOf(context), note, cancellationToken).ConfigureAwait(false) is null
                ? Missing(id)
                : await FindAsync(id, alerts, time, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<IResult> WithdrawAsync(
        string id, HttpContext context, AlertEngine engine, AlertReader alerts, TimeProvider time, CancellationToken cancellationToken) =>
        await engine.WithdrawAsync(id, PersonOf(context), cancellationToken).ConfigureAwait(false) is null
            ? Missing(id)
            : await FindAsync(id, alerts, time, cancellationToken).ConfigureAwait(false);

    private static IResult Missing(string id) => Problems.NotFound($"There is no current alert with the id {id}.");

    private static string PersonOf(HttpContext context) => context.User.Identity?.Name ?? "local";

    private static AlertBody ToBody(AlertView view, DateTimeOffset now, IReadOnlyList<AlertEvent>? events) => AlertBody.Of(
        view.Alert, view.Sentence, now,
        [.. view.Deliveries.Select(item => new AlertDeliveryBody(item.Receiver, item.At, AlertDeliveryBody.StatusOf(item.State), item.Attempts, item.Detail))], events);
}

/// <summary>An acknowledgement.</summary>
/// <param name="Note">A note.</param>
internal sealed record AcknowledgeBody([property: StringLength(AcknowledgeBody.NoteCharacters)] string? Note) : IClosedRequestBody
{
    /// <summary>The maximum length of a note.</summary>
    public const int NoteCharacters = 1_000;
}
