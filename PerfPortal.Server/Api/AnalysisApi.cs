using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints of benchmarks, comparison, recommendations and on-demand analysis.</summary>
internal static class AnalysisApi
{
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(24);

    /// <summary>Maps the routes.</summary>
    public static void MapAnalysisApi(this RouteGroupBuilder group)
    {
        group.MapGet("/benchmarks", BenchmarksAsync).Produces<BenchmarksBody>().WithSummary("List benchmarks per operation name")
            .WithDescription("baseline=previous (the previous period of equal length, the default) or pinned. The verdict is based on the test named in the response.");
        group.MapGet("/benchmarks/baseline", BaselineAsync).Produces<BaselineState>().WithSummary("Get the pinned baseline").WithDescription("pinned is null when no baseline is pinned.");
        group.MapGet("/compare", CompareAsync).Produces<CompareBody>().WithSummary("Compare two periods")
            .WithDescription("Parameters: from, to, base_from, base_to. Without a base range, the base is the previous period of equal length.");
        group.MapGet("/recommendations", ListAsync).Produces<ItemsBody<RecommendationBody>>().WithSummary("List recommendations")
            .WithDescription("Filters: state (open, applied, dismissed), source (also returns those that span all sources), current (true returns current recommendations only).");
    }

    /// <summary>Maps the routes that change data.</summary>
    public static void MapAnalysisActions(this RouteGroupBuilder group)
    {
        group.MapPut("/benchmarks/baseline", PinAsync).Accepts<PinBody>("application/json").Produces<BaselineState>()
            .WithSummary("Pin a range as the baseline").WithDescription("Replaces the current baseline.");
        group.MapDelete("/benchmarks/baseline", UnpinAsync).Produces<BaselineState>().WithSummary("Unpin the baseline");
        group.MapPost("/optimize", OptimizeAsync).Produces<OptimizeBody>().WithSummary("Run the analysis");
        group.MapPost("/recommendations/{id}/apply", (string id, HttpContext context, RecommendationLedger ledger, CancellationToken token) =>
            DecideAsync(id, context, ledger.ApplyAsync, token)).Produces<RecommendationBody>().WithSummary("Mark a recommendation as applied");
        group.MapPost("/recommendations/{id}/dismiss", (string id, HttpContext context, RecommendationLedger ledger, CancellationToken token) =>
            DecideAsync(id, context, ledger.DismissAsync, token)).Produces<RecommendationBody>().WithSummary("Dismiss a recommendation");
        group.MapPost("/recommendations/{id}/reopen", (string id, HttpContext context, RecommendationLedger ledger, CancellationToken token) =>
            DecideAsync(id, context, ledger.ReopenAsync, token)).Produces<RecommendationBody>().WithSummary("Reopen a recommendation");
    }

    private static async Task<IResult> BenchmarksAsync(
        HttpContext context, BenchmarkReader benchmarks, BaselineSettings baselines, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        var range = query.Range(DefaultWindow);
        var filter = query.Filter();
        bool isPinned = query.Choice("baseline", "previous", "pinned") == "pinned";
        var pinned = isPinned ? (await baselines.ReadAsync(cancellationToken).ConfigureAwait(false)).Pinned?.Range() : null;
        if (isPinned && pinned is null)
        {
            query.AddError("baseline", "No baseline is pinned.");
        }

        if (!query.IsValid)
        {
            return query.Problem;
        }

        var answer = await benchmarks.ReadAsync(new(range, filter, pinned), cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(BenchmarksBody.Of(answer));
    }

    private static async Task<IResult> BaselineAsync(BaselineSettings baselines, CancellationToken cancellationToken) =>
        TypedResults.Ok(await baselines.ReadAsync(cancellationToken).ConfigureAwait(false));

    private static async Task<IResult> PinAsync(HttpContext context, BaselineSettings baselines, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            var members = MemberReader.Begin(document.RootElement, "", errors);
            var from = members?.Time("from", isRequired: true);
            var to = members?.Time("to", isRequired: true);
            string name = members?.Text("name", BaselineSettings.NameCharacters) ?? "";
            if (to <= from)
            {
                members!.AddError("to", "to must be later than from.");
            }

            if (errors.Count > 0)
            {
                return Problems.Invalid(errors);
            }

            var state = await baselines.ReadAsync(cancellationToken).ConfigureAwait(false);
            return Changed(await baselines.PinAsync(state.Version, new(from!.Value, to!.Value), name, PersonOf(context), cancellationToken).ConfigureAwait(false));
        }
    }

    private static async Task<IResult> UnpinAsync(HttpContext context, BaselineSettings baselines, CancellationToken cancellationToken)
    {
        var state = await baselines.ReadAsync(cancellationToken).ConfigureAwait(false);
        return state.Pinned is null
            ? TypedResults.Ok(state)
            : Changed(await baselines.UnpinAsync(state.Version, PersonOf(context), cancellationToken).ConfigureAwait(false));
    }

    private static IResult Changed(BaselineState? state) =>
        state is null ? Problems.Conflict("The baseline was changed by another request at the same time. Try again.") : TypedResults.Ok(state);

    private static string PersonOf(HttpContext context) => context.User.Identity?.Name ?? "local";

    private static async Task<IResult> CompareAsync(HttpContext context, PeriodComparer comparer, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        var range = query.Range(DefaultWindow);
        bool hasBase = query.Text("base_from") is not null || query.Text("base_to") is not null || query.Text("base_window") is not null;
        var baseRange = hasBase ? query.Range(DefaultWindow, "base_") : range.Previous;
        var filter = query.Filter();
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var answer = await comparer.CompareAsync(range, baseRange, filter, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(CompareBody.Of(answer));
    }

    private static async Task<IResult> ListAsync(HttpContext context, RecommendationReader recommendations, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        string? state = query.Choice("state", [.. RecommendationStates.WireNames]);
        string? source = query.Text("source");
        string? current = query.Choice("current", "true", "false");
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var items = await recommendations.ListAsync(source, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new ItemsBody<RecommendationBody>(
        [
            .. items.Where(item => (state is null || item.State.WireName() == state)
                && (current is null || item.IsCurrent == (current == "true"))).Select(RecommendationBody.Of),
        ]));
    }

    private static async Task<IResult> OptimizeAsync(
        HttpContext context, AnalysisService analysis, RecommendationReader recommendations, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        string? source = query.Text("source");
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var result = await analysis.RunAsync(source, cancellationToken).ConfigureAwait(false);
        var current = (await recommendations.ListAsync(source, cancellationToken).ConfigureAwait(false)).Where(item => item.IsCurrent);
        return TypedResults.Ok(OptimizeBody.Of(result, current));
    }

    private static async Task<IResult> DecideAsync(
        string id, HttpContext context, Func<string, string, string?, CancellationToken, Task<Recommendation?>> decide, CancellationToken cancellationToken)
    {
        string? note = null;
        if (context.Request.ContentLength is > 0 || context.Request.ContentType is not null)
        {
            var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, cancellationToken).ConfigureAwait(false);
            if (document is null)
            {
                return problem!;
            }

            using (document)
            {
                var errors = new List<ValidationError>();
                note = MemberReader.Begin(document.RootElement, "", errors)?.Text("note", RecommendationLedger.NoteCharacters);
                if (errors.Count > 0)
                {
                    return Problems.Invalid(errors);
                }
            }
        }

        var decided = await decide(id, PersonOf(context), note, cancellationToken).ConfigureAwait(false);
        return decided is null ? Problems.NotFound($"There is no recommendation with the id {id}.") : TypedResults.Ok(RecommendationBody.Of(decided));
    }
}

/// <summary>The body of a pin, for the OpenAPI document.</summary>
/// <param name="From">The start, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="Name">The display name, at most 200 characters.</param>
internal sealed record PinBody(DateTimeOffset From, DateTimeOffset To, string? Name);
