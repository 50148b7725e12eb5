using System.ComponentModel.DataAnnotations;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints of benchmarks, comparison, recommendations and on-demand analysis.</summary>
internal static class AnalysisApi
{
    /// <summary>The state of a recommendation.</summary>
    public static readonly ChoiceParameter<RecommendationState?> State =
        new("state", nameof(RecommendationState), Enum.GetValues<RecommendationState>().Select(state => (state.WireName(), (RecommendationState?)state)), null)
        {
            Description = "Only recommendations in this state.",
            Example = "open",
        };

    /// <summary>Whether the last analysis made a recommendation.</summary>
    public static readonly FlagParameter IsCurrent = new("current")
    {
        Description = "true returns only recommendations that the last analysis made again, false only the others.",
        Example = "true",
    };

    private static readonly ChoiceParameter<bool> IsPinned = new("baseline", "BaselineKind", [("previous", false), ("pinned", true)], false)
    {
        Description = "What to compare with: the period before the range, of the same length, or the pinned baseline.",
        Example = "previous",
    };

    private static readonly ChoiceParameter<Verdict?> FailOn = new("fail_on", "FailingVerdict", [("regressed", (Verdict?)Verdict.Regressed)], null)
    {
        Description = "Answers 409 with the same body when an operation name, a metric type or the total has this verdict: for a deployment gate.",
        Example = "regressed",
    };

    /// <summary>Maps the routes.</summary>
    public static void MapAnalysisApi(this RouteGroupBuilder group)
    {
        group.MapGet("/benchmarks", BenchmarksAsync).WithName("ListBenchmarks").Heavy(HeavyRead.Comparison).WithParameters(RangeParameters.Day, SeriesParameters.All, IsPinned, FailOn)
            .Produces<BenchmarksBody>().Produces<BenchmarksBody>(StatusCodes.Status409Conflict)
            .WithSummary("List benchmarks per operation name").WithDescription("The verdict is based on the test named in the response.");
        group.MapGet("/benchmarks/baseline", BaselineAsync).WithName("GetBaseline").Produces<BaselineState>()
            .WithSummary("Get the pinned baseline").WithDescription("pinned is null when no baseline is pinned.");
        group.MapGet("/compare", CompareAsync).WithName("ComparePeriods").Heavy(HeavyRead.Comparison).WithParameters(RangeParameters.Day, RangeParameters.Base, SeriesParameters.All)
            .Produces<CompareBody>()
            .WithSummary("Compare two periods").WithDescription("Compares a range with a base: in total, per metric type and per operation name.");
        group.MapGet("/recommendations", ListAsync).WithName("ListRecommendations").WithParameters(State, CommonParameters.Source, IsCurrent)
            .Produces<ItemsBody<RecommendationBody>>()
            .WithSummary("List recommendations").WithDescription("With source, recommendations over all sources are returned too where the source runs such operations.");
        group.MapRecommendationGroups();
    }

    /// <summary>Maps the routes that change data.</summary>
    public static void MapAnalysisActions(this RouteGroupBuilder group)
    {
        group.MapPut("/benchmarks/baseline", PinAsync).WithName("PinBaseline").Accepts<PinBody>("application/json").Produces<BaselineState>().WithProblems(409)
            .WithSummary("Pin a range as the baseline").WithDescription("Replaces the current baseline.");
        group.MapDelete("/benchmarks/baseline", UnpinAsync).WithName("UnpinBaseline").Produces<BaselineState>().WithProblems(409)
            .WithSummary("Unpin the baseline").WithDescription("Changes nothing when no baseline is pinned.");
        group.MapPost("/optimize", OptimizeAsync).WithName("RunAnalysis").Heavy(HeavyRead.Comparison).WithParameters(CommonParameters.Source).Produces<OptimizeBody>()
            .WithSummary("Run the analysis").WithDescription("Analyzes the last 24 hours now. The analysis also runs automatically once a minute.");
        group.MapPost("/recommendations/{id}/apply", (string id, HttpContext context, RecommendationLedger ledger, CancellationToken token) =>
            DecideAsync(id, context, ledger.ApplyAsync, token)).WithName("ApplyRecommendation").Decides("Mark a recommendation as applied");
        group.MapPost("/recommendations/{id}/dismiss", (string id, HttpContext context, RecommendationLedger ledger, CancellationToken token) =>
            DecideAsync(id, context, ledger.DismissAsync, token)).WithName("DismissRecommendation").Decides("Dismiss a recommendation");
        group.MapPost("/recommendations/{id}/reopen", (string id, HttpContext context, RecommendationLedger ledger, CancellationToken token) =>
            DecideAsync(id, context, ledger.ReopenAsync, token)).WithName("ReopenRecommendation").Decides("Reopen a recommendation");
    }

    private static void Decides(this RouteHandlerBuilder route, string summary) => route
        .WithParameters(PathParameter.RecommendationId).Accepts<DecisionBody>(isOptional: true, "application/json").Produces<RecommendationBody>().WithProblems(404)
        .WithSummary(summary).WithDescription("The body, with a note, is optional.");

    private static async Task<IResult> BenchmarksAsync(
        HttpContext context, BenchmarkReader benchmarks, BaselineSettings baselines, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var range = query.Read(RangeParameters.Day);
        var filter = query.Read(SeriesParameters.All);
        bool isPinned = query.Read(IsPinned);
        var failOn = query.Read(FailOn);
        var pinned = isPinned ? (await baselines.ReadAsync(cancellationToken).ConfigureAwait(false)).Pinned?.Range() : null;
        if (isPinned && pinned is null)
        {
            query.AddError(IsPinned, "No baseline is pinned.");
        }

        if (!query.IsValid)
        {
            return query.Problem;
        }

        var answer = await benchmarks.ReadAsync(new(range, filter, pinned), cancellationToken).ConfigureAwait(false);
        bool isFailed = failOn is { } verdict && answer.Items.Concat(answer.Types).Append(answer.Total).Any(item => item.Judgement.Verdict == verdict);
        return TypedResults.Json(BenchmarksBody.Of(answer), statusCode: isFailed ? StatusCodes.Status409Conflict : StatusCodes.Status200OK);
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
        var query = new QueryReader(context, time);
        var range = query.Read(RangeParameters.Day);
        var baseRange = query.Read(RangeParameters.Base, range.Previous);
        var filter = query.Read(SeriesParameters.All);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var answer = await comparer.CompareAsync(range, baseRange, filter, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(CompareBody.Of(answer));
    }

    private static async Task<IResult> ListAsync(HttpContext context, RecommendationReader recommendations, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var state = query.Read(State);
        string? source = query.Read(CommonParameters.Source);
        bool? isCurrent = query.Read(IsCurrent);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var items = await recommendations.ListAsync(source, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new ItemsBody<RecommendationBody>(
        [
            .. items.Where(item => (state is null || item.State == state)
                && (isCurrent is null || item.IsCurrent == isCurrent)).Select(RecommendationBody.Of),
        ]));
    }

    private static async Task<IResult> OptimizeAsync(
        HttpContext context, AnalysisService analysis, RecommendationReader recommendations, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        string? source = query.Read(CommonParameters.Source);
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
        var (note, problem) = await NoteReader.ReadAsync(context.Request, RecommendationLedger.NoteCharacters, cancellationToken).ConfigureAwait(false);
        if (problem is not null)
        {
            return problem;
        }

        var decided = await decide(id, PersonOf(context), note, cancellationToken).ConfigureAwait(false);
        return decided is null ? Problems.NotFound($"There is no recommendation with the id {id}.") : TypedResults.Ok(RecommendationBody.Of(decided));
    }
}

/// <summary>A range to pin as the baseline.</summary>
/// <param name="From">The start, inclusive.</param>
/// <param name="To">The end, exclusive; later than the start.</param>
/// <param name="Name">The display name.</param>
internal sealed record PinBody(DateTimeOffset From, DateTimeOffset To, [property: StringLength(BaselineSettings.NameCharacters)] string? Name) : IRequestBody;

/// <summary>A decision on a recommendation.</summary>
/// <param name="Note">A note.</param>
internal sealed record DecisionBody([property: StringLength(RecommendationLedger.NoteCharacters)] string? Note) : IRequestBody;
