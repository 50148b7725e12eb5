using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PerfPortal.Domain.Analysis.Suggestions;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Security;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints that read, change and preview thresholds.</summary>
internal static class ThresholdsApi
{
    private const string VersionTag = "Identifies the version; a change must send it as If-Match.";

    private static readonly WholeParameter Limit = new("limit", 1, 1000, 100) { Description = "The maximum number of changes.", Example = "20" };

    /// <summary>Maps the routes.</summary>
    public static void MapThresholdsApi(this RouteGroupBuilder group)
    {
        var reading = group.MapGroup("/settings/thresholds").RequireScope(Scope.Read).WithTags("Settings");
        reading.MapGet("", GetAsync).WithName("GetThresholds").Produces<ThresholdsBody>().WithResponseHeader("ETag", VersionTag)
            .WithSummary("Get the thresholds").WithDescription("The thresholds in effect: those of the configuration, overridden by changes made in the portal.");
        reading.MapGet("/history", HistoryAsync).WithName("ListThresholdChanges").WithParameters(Limit).Produces<ItemsBody<ThresholdChange>>()
            .WithSummary("List threshold changes").WithDescription("The newest change is first. next_cursor is always null.");
        reading.MapPost("/preview", PreviewAsync).WithName("PreviewThresholds").Heavy(HeavyRead.Comparison).WithParameters(RangeParameters.Day, CommonParameters.Source)
            .Accepts<ThresholdChangesBody>("application/json").Produces<PreviewBody>()
            .WithSummary("Preview the effect of proposed thresholds").WithDescription("Analyzes the 24 hours before the end of the range. Changes nothing.");
        reading.MapGet("/suggestions", SuggestAsync).WithName("SuggestThresholds").Heavy(HeavyRead.Comparison).Produces<ItemsBody<ThresholdSuggestion>>()
            .WithSummary("Suggest thresholds from the history").WithDescription("From the last 14 whole days, each with the share of days on which it would have been exceeded. Changes nothing.");
        group.MapPut("/settings/thresholds", PutAsync).WithName("ChangeThresholds").RequireScope(Scope.Admin).WithTags("Settings")
            .WithParameters(HeaderParameter.IfMatch).Accepts<ThresholdChangesBody>("application/json").Produces<ThresholdsBody>()
            .WithResponseHeader("ETag", VersionTag).WithProblems(412, 428)
            .WithSummary("Change thresholds").WithDescription("Thresholds that the body does not name keep their values.");
    }

    private static async Task<IResult> GetAsync(HttpContext context, ThresholdSettings thresholds, CancellationToken cancellationToken) =>
        Answer(context, await thresholds.ReadAsync(cancellationToken).ConfigureAwait(false));

    private static async Task<IResult> HistoryAsync(
        HttpContext context, ThresholdSettings thresholds, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        int limit = query.Read(Limit);
        return query.IsValid
            ? TypedResults.Ok(new ItemsBody<ThresholdChange>(await thresholds.ReadHistoryAsync(limit, cancellationToken).ConfigureAwait(false)))
            : query.Problem;
    }

    private static async Task<IResult> PutAsync(HttpContext context, ThresholdSettings thresholds, CancellationToken cancellationToken)
    {
        if (HeaderParameter.IfMatch.Read(context.Request) is not { } tag)
        {
            return Problems.Status(428, "A precondition is required.", "If-Match must contain the ETag of the thresholds that the change is based on.");
        }

        var state = await thresholds.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (tag != Tag(state))
        {
            return Lost(state);
        }

        var (proposed, problem) = await ReadAsync(context, state.Thresholds, cancellationToken).ConfigureAwait(false);
        if (proposed is null)
        {
            return problem!;
        }

        var written = await thresholds.WriteAsync(state.Version, proposed, context.User.Identity?.Name ?? "local", cancellationToken).ConfigureAwait(false);
        return written is null ? Lost(await thresholds.ReadAsync(cancellationToken).ConfigureAwait(false)) : Answer(context, written);
    }

    private static async Task<IResult> SuggestAsync(ThresholdSettings thresholds, ThresholdAdvisor advisor, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ItemsBody<ThresholdSuggestion>(await advisor.SuggestAsync(thresholds.Current, cancellationToken).ConfigureAwait(false)));

    private static async Task<IResult> PreviewAsync(
        HttpContext context, ThresholdSettings thresholds, ThresholdPreview preview, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var range = query.Read(RangeParameters.Day);
        string? source = query.Read(CommonParameters.Source);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var state = await thresholds.ReadAsync(cancellationToken).ConfigureAwait(false);
        var (proposed, problem) = await ReadAsync(context, state.Thresholds, cancellationToken).ConfigureAwait(false);
        if (proposed is null)
        {
            return problem!;
        }

        var effect = await preview.RunAsync(state.Thresholds, proposed, source, range.To, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new PreviewBody(
            new(RangeBody.Of(effect.Range), effect.OperationsExamined, effect.SamplesExamined, effect.Milliseconds, source),
            [.. effect.Appearing.Select(BottleneckBody.Of)], [.. effect.Vanishing.Select(BottleneckBody.Of)],
            [.. effect.Kept.Select(kept => BottleneckBody.Of(kept.After))], ScoreBody.Of(effect.ScoreBefore), ScoreBody.Of(effect.ScoreAfter)));
    }

    private static async Task<(PerformanceThresholds? Thresholds, IResult? Problem)> ReadAsync(
        HttpContext context, PerformanceThresholds current, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return (null, problem);
        }

        using (document)
        {
            var update = ThresholdDocument.Apply(current, document.RootElement);
            return update.Thresholds is null
                ? (null, Problems.Invalid([.. update.Errors.Select(error => new ValidationError(error.Detail, error.Pointer))]))
                : (update.Thresholds, null);
        }
    }

    private static Ok<IReadOnlyDictionary<string, object>> Answer(HttpContext context, ThresholdState state)
    {
        context.Response.Headers.ETag = Tag(state);
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Ok(ThresholdDocument.Write(state.Thresholds));
    }

    private static IResult Lost(ThresholdState state) => Problems.Status(
        StatusCodes.Status412PreconditionFailed, "The thresholds have changed.",
        state.ChangedAt is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"{state.ChangedBy} changed the thresholds at {at:yyyy-MM-ddTHH:mm:ssZ}. Your changes were not saved. Read the thresholds again.")
            : "If-Match does not match the current version. Your changes were not saved.");

    private static string Tag(ThresholdState state) => string.Create(CultureInfo.InvariantCulture, $"\"thresholds-{state.Version}\"");
}

/// <summary>The thresholds in effect. A timeout applies to one metric type.</summary>
internal sealed record ThresholdsBody;

/// <summary>Thresholds to change. A threshold that is missing keeps its value.</summary>
internal sealed record ThresholdChangesBody : IRequestBody;

/// <summary>The effect of proposed thresholds.</summary>
/// <param name="LookedAt">The scope of the analysis.</param>
/// <param name="Appearing">The bottlenecks that only the proposed thresholds find.</param>
/// <param name="Vanishing">The bottlenecks that only the current thresholds find.</param>
/// <param name="Staying">The bottlenecks that both find, as the proposed thresholds state them.</param>
/// <param name="ScoreBefore">The score with the current thresholds.</param>
/// <param name="ScoreAfter">The score with the proposed thresholds.</param>
internal sealed record PreviewBody(
    LookedAtBody LookedAt, IReadOnlyList<BottleneckBody> Appearing, IReadOnlyList<BottleneckBody> Vanishing, IReadOnlyList<BottleneckBody> Staying,
    ScoreBody ScoreBefore, ScoreBody ScoreAfter);
