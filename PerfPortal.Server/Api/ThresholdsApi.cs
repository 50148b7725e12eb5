using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Security;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints that read, change and preview thresholds.</summary>
internal static class ThresholdsApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapThresholdsApi(this RouteGroupBuilder group)
    {
        var reading = group.MapGroup("/settings/thresholds").RequireScope(Scope.Read).WithTags("Settings");
        reading.MapGet("", GetAsync).Produces<Dictionary<string, double>>().WithSummary("Get the thresholds").WithDescription("The ETag identifies the version.");
        reading.MapGet("/history", HistoryAsync).Produces<ItemsBody<ThresholdChange>>().WithSummary("List threshold changes");
        reading.MapPost("/preview", PreviewAsync).Accepts<Dictionary<string, double>>("application/json").Produces<PreviewBody>()
            .WithSummary("Preview the effect of proposed thresholds").WithDescription("Analyzes the 24 hours before to (default: now).");
        group.MapPut("/settings/thresholds", PutAsync).RequireScope(Scope.Admin).WithTags("Settings")
            .Accepts<Dictionary<string, double>>("application/json").Produces<Dictionary<string, double>>()
            .WithSummary("Change thresholds").WithDescription("Partial updates are allowed. Requires If-Match with the current ETag: 428 when it is missing, 412 when the thresholds have changed.");
    }

    private static async Task<IResult> GetAsync(HttpContext context, ThresholdSettings thresholds, CancellationToken cancellationToken) =>
        Answer(context, await thresholds.ReadAsync(cancellationToken).ConfigureAwait(false));

    private static async Task<IResult> HistoryAsync(
        HttpContext context, ThresholdSettings thresholds, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        int limit = query.Whole("limit", 100, 1, 1000);
        return query.IsValid
            ? TypedResults.Ok(new ItemsBody<ThresholdChange>(await thresholds.ReadHistoryAsync(limit, cancellationToken).ConfigureAwait(false)))
            : query.Problem;
    }

    private static async Task<IResult> PutAsync(HttpContext context, ThresholdSettings thresholds, CancellationToken cancellationToken)
    {
        if (context.Request.Headers.IfMatch.Count == 0)
        {
            return Problems.Status(428, "A precondition is required.", "If-Match must contain the ETag of the thresholds that the change is based on.");
        }

        var state = await thresholds.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (context.Request.Headers.IfMatch.ToString() != Tag(state))
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

    private static async Task<IResult> PreviewAsync(
        HttpContext context, ThresholdSettings thresholds, ThresholdPreview preview, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        var range = query.Range(TimeSpan.FromHours(24));
        string? source = query.Text("source");
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

    private static Ok<IReadOnlyDictionary<string, double>> Answer(HttpContext context, ThresholdState state)
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

/// <summary>The effect of proposed thresholds.</summary>
internal sealed record PreviewBody(
    LookedAtBody LookedAt, IReadOnlyList<BottleneckBody> Appearing, IReadOnlyList<BottleneckBody> Vanishing, IReadOnlyList<BottleneckBody> Staying,
    ScoreBody ScoreBefore, ScoreBody ScoreAfter);
