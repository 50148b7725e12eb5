using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using PerfPortal.Domain.Alerts.Preview;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Security;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints of alert rules.</summary>
internal static class AlertRulesApi
{
    private const string Route = "/alerts/rules";
    private const string VersionTag = "Identifies the version; a change must send it as If-Match.";

    private static readonly ShareParameter FalseAlarmRate = new("false_alarm_rate", 0.00001, 0.5, 0.001)
    {
        Description = "The share of calm minutes that the suggested threshold may put in alarm.",
        Example = "0.001",
    };

    /// <summary>Maps the routes.</summary>
    public static void MapAlertRulesApi(this RouteGroupBuilder group)
    {
        var reading = group.MapGroup(Route).RequireScope(Scope.Read).WithTags("Alert rules");
        reading.MapGet("", ListAsync).WithName("ListAlertRules").Produces<ItemsBody<AlertRuleBody>>()
            .WithSummary("List alert rules").WithDescription("The built-in rules in their order, then the others by name. next_cursor is always null.");
        reading.MapGet("/{id}", FindAsync).WithName("GetAlertRule").WithParameters(PathParameter.AlertRuleId).Produces<AlertRuleBody>().WithResponseHeader("ETag", VersionTag).WithProblems(404)
            .WithSummary("Get an alert rule").WithDescription("With its ETag, which a change must send.");
        reading.MapGet("/{id}/noise", NoiseAsync).WithName("GetAlertRuleNoise").WithParameters(PathParameter.AlertRuleId).Produces<RuleNoiseBody>().WithProblems(404)
            .WithSummary("Get how noisy a rule is").WithDescription("How often it fired in the last 30 days and how many of its alerts were acknowledged, with a proposal where the numbers support one.");
        reading.MapPost("/preview", PreviewAsync).WithName("PreviewAlertRule").Heavy(HeavyRead.Comparison).WithParameters(RangeParameters.Week, FalseAlarmRate)
            .Accepts<AlertRuleReport>("application/json").Produces<RulePreviewBody>()
            .WithSummary("Preview what a rule would have done")
            .WithDescription("Replays the rule of the body over stored history with the state machine that runs live; at most 31 days. With the id of a stored rule in the body, that rule is replayed too, as compared_with. Changes nothing and tells nobody.");
        var writing = group.MapGroup(Route).RequireScope(Scope.Admin).WithTags("Alert rules");
        writing.MapPost("", AddAsync).WithName("AddAlertRule").Accepts<AlertRuleReport>("application/json").Produces<AlertRuleBody>(StatusCodes.Status201Created)
            .WithResponseHeader("ETag", VersionTag)
            .WithSummary("Add an alert rule").WithDescription("It is evaluated from the next minute on. At most 1,000 rules, built-in ones included.");
        writing.MapPut("/{id}", PutAsync).WithName("ChangeAlertRule").WithParameters(PathParameter.AlertRuleId, HeaderParameter.IfMatch).Accepts<AlertRuleReport>("application/json")
            .Produces<AlertRuleBody>().WithResponseHeader("ETag", VersionTag).WithProblems(404, 409, 412, 428)
            .WithSummary("Replace an alert rule").WithDescription("A built-in rule that was edited no longer follows the thresholds of the settings; deleting it resets it. 409 for a rule of the rules file, which is edited there.");
        writing.MapDelete("/{id}", DeleteAsync).WithName("DeleteAlertRule").WithParameters(PathParameter.AlertRuleId, HeaderParameter.IfMatchOptional).Produces(StatusCodes.Status204NoContent).WithProblems(404, 409, 412)
            .WithSummary("Delete an alert rule").WithDescription("Its alerts end. A built-in rule that was edited is reset instead, and follows the thresholds again; 409 for one that was not edited, and for a rule of the rules file.");
    }

    private static async Task<IResult> ListAsync(AlertRuleBook book, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ItemsBody<AlertRuleBody>([.. (await book.ReadAsync(cancellationToken).ConfigureAwait(false)).Rules.Select(AlertRuleBody.Of)]));

    private static async Task<IResult> FindAsync(string id, HttpContext context, AlertRuleBook book, CancellationToken cancellationToken) =>
        (await book.ReadAsync(cancellationToken).ConfigureAwait(false)).Find(id) is { } rule ? Answer(context, rule) : Unknown(id);

    private static async Task<IResult> NoiseAsync(string id, AlertRuleBook book, AlertNoise noise, CancellationToken cancellationToken) =>
        (await book.ReadAsync(cancellationToken).ConfigureAwait(false)).Find(id) is { } rule
            ? TypedResults.Ok(RuleNoiseBody.Of(await noise.ReadAsync(rule, cancellationToken).ConfigureAwait(false)))
            : Unknown(id);

    private static async Task<IResult> PreviewAsync(HttpContext context, AlertRuleBook book, AlertPreview preview, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var range = query.Read(RangeParameters.Week);
        double rate = query.Read(FalseAlarmRate);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        if (range.Length > SignalHistory.MaxRange)
        {
            return Problems.Invalid([new($"The range must not be longer than {SignalHistory.MaxRange.TotalDays:0} days.", "/from")]);
        }

        var (rule, problem) = await ReadAsync(context, cancellationToken).ConfigureAwait(false);
        if (rule is null)
        {
            return problem!;
        }

        var present = (await book.ReadAsync(cancellationToken).ConfigureAwait(false)).Find(rule.Id);
        return TypedResults.Ok(RulePreviewBody.Of(await preview.RunAsync(rule, present, range, rate, cancellationToken).ConfigureAwait(false)));
    }

    private static async Task<IResult> AddAsync(HttpContext context, AlertRuleBook book, CancellationToken cancellationToken)
    {
        var (rule, problem) = await ReadAsync(context, cancellationToken).ConfigureAwait(false);
        if (rule is null)
        {
            return problem!;
        }

        var change = await book.AddAsync(rule, cancellationToken).ConfigureAwait(false);
        if (change.Outcome != RuleOutcome.Done || change.Rule is not { } added)
        {
            return Refused(change, rule.Id);
        }

        Tag(context, added);
        return TypedResults.Created($"{context.Request.PathBase}{ApiRoutes.Root}{Route}/{added.Id}", AlertRuleBody.Of(added));
    }

    private static async Task<IResult> PutAsync(string id, HttpContext context, AlertRuleBook book, CancellationToken cancellationToken)
    {
        if (HeaderParameter.IfMatch.Read(context.Request) is not { } tag)
        {
            return Problems.Status(428, "A precondition is required.", "If-Match must contain the ETag of the rule that the change is based on.");
        }

        var (rule, problem) = await ReadAsync(context, cancellationToken).ConfigureAwait(false);
        if (rule is null)
        {
            return problem!;
        }

        if ((await book.ReadAsync(cancellationToken).ConfigureAwait(false)).Find(id) is not { } known)
        {
            return Unknown(id);
        }

        if (tag != TagOf(known))
        {
            return Lost();
        }

        var change = await book.UpdateAsync(rule with { Id = id }, known.Version, cancellationToken).ConfigureAwait(false);
        return change.Outcome == RuleOutcome.Done && change.Rule is { } changed ? Answer(context, changed) : Refused(change, id);
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, AlertRuleBook book, CancellationToken cancellationToken)
    {
        long? version = null;
        if (HeaderParameter.IfMatchOptional.Read(context.Request) is { } tag && tag != "*")
        {
            if ((await book.ReadAsync(cancellationToken).ConfigureAwait(false)).Find(id) is not { } known)
            {
                return Unknown(id);
            }

            if (tag != TagOf(known))
            {
                return Lost();
            }

            version = known.Version;
        }

        var change = await book.DeleteAsync(id, version, cancellationToken).ConfigureAwait(false);
        return change.Outcome == RuleOutcome.Done ? TypedResults.NoContent() : Refused(change, id);
    }

    private static async Task<(AlertRule? Rule, IResult? Problem)> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, BodyLimits.Definition, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return (null, problem);
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            return AlertRuleReport.Read(document.RootElement, "", errors) is { } rule ? (rule, null) : (null, Problems.Invalid(errors));
        }
    }

    private static Ok<AlertRuleBody> Answer(HttpContext context, AlertRule rule)
    {
        Tag(context, rule);
        return TypedResults.Ok(AlertRuleBody.Of(rule));
    }

    private static void Tag(HttpContext context, AlertRule rule)
    {
        context.Response.Headers.ETag = TagOf(rule);
        context.Response.Headers.CacheControl = "private, no-cache";
    }

    /// <summary>Changes with everything that a client sees of the rule, also with the thresholds that a built-in one follows.</summary>
    private static string TagOf(AlertRule rule) =>
        $"\"rule-{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(AlertRuleBody.Of(rule), WireJson.Options)).AsSpan(0, 8))}\"";

    private static IResult Unknown(string id) => Problems.NotFound($"There is no alert rule with the id {id}.");

    private static IResult Lost() => Problems.Status(
        StatusCodes.Status412PreconditionFailed, "The rule has changed.", "Somebody else changed the rule, or a threshold that it follows. Your changes were not saved. Read the rule again.");

    private static IResult Refused(RuleChange change, string id) => change.Outcome switch
    {
        RuleOutcome.Invalid => Problems.Invalid([.. change.Errors.Select(error => AlertRuleReport.ErrorOf(error))]),
        RuleOutcome.Provisioned => Problems.Conflict("The rule comes from the rules file (Alerts:RulesFile); edit it there and start the portal again."),
        RuleOutcome.NothingToReset => Problems.Conflict("A built-in rule cannot be deleted, and this one was not edited. To switch it off, send it with enabled false."),
        RuleOutcome.Lost => Lost(),
        _ => Unknown(id),
    };
}
