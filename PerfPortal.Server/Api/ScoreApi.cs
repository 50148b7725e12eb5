using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoint of the score.</summary>
internal static class ScoreApi
{
    private static readonly TextParameter At = new("at", 60)
    {
        Description = $"The moment of the score, which looks at the 24 hours before it; now when missing. {TimeRangeParser.Forms}",
        Example = "now-7d",
    };

    /// <summary>Maps the route.</summary>
    public static void MapScoreApi(this RouteGroupBuilder group) => group.MapGet("/score", GetAsync)
        .WithName("GetScore").Heavy(HeavyRead.Comparison).WithParameters(At, RangeParameters.TimeZone, CommonParameters.Source).Produces<ScoreAnswerBody>()
        .WithSummary("Get the performance score of the present or of a past moment")
        .WithDescription("With the points lost per cause, what would give most of them back, and how much data the score is based on. The score of a past moment is computed from the data and with the thresholds in effect then; an operation that was reported late counts.");

    private static async Task<IResult> GetAsync(HttpContext context, ScoreReader scores, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var at = ReadAt(query);
        string? source = query.Read(CommonParameters.Source);
        return query.IsValid ? TypedResults.Ok(ScoreAnswerBody.Of(await scores.ReadAsync(source, at, cancellationToken).ConfigureAwait(false))) : query.Problem;
    }

    private static DateTimeOffset? ReadAt(QueryReader query)
    {
        string? text = query.Read(At);
        var request = new RangeRequest(null, text, null, query.Read(RangeParameters.TimeZone));
        if (!TimeRangeParser.TryParse(request, query.Now, RangeParameters.Day.Length, out var range, out var errors))
        {
            foreach (var error in errors)
            {
                bool isZone = error.Field == RangeParameters.TimeZone.Name;
                query.AddError(isZone ? RangeParameters.TimeZone : At, isZone ? error.Detail : Detail(error, text));
            }

            return null;
        }

        if (text is not null && range.To > query.Now)
        {
            query.AddError(At, $"at is {WireJson.Text(range.To)} (given as \"{text}\") and must not be in the future; now it is {WireJson.Text(query.Now)}.");
        }

        return text is null ? null : range.To;
    }

    /// <summary>The error of the end of a range as one of this parameter: the field, what was given, and what is understood.</summary>
    private static string Detail(RangeError error, string? text) =>
        error.Detail.StartsWith(error.Field, StringComparison.Ordinal) ? At.Name + error.Detail[error.Field.Length..] : $"at is \"{text}\". {error.Detail}";
}

/// <summary>The performance score at a moment.</summary>
/// <param name="At">The moment.</param>
/// <param name="Range">The 24 hours that the score looks at.</param>
/// <param name="Source">The source that the score was limited to.</param>
/// <param name="PerformanceScore">The score, with the points deducted per cause.</param>
/// <param name="Gains">What would give points back, the most first.</param>
/// <param name="ThresholdsVersion">The version of the thresholds in effect at the moment; 0 for those of the configuration.</param>
internal sealed record ScoreAnswerBody(DateTimeOffset At, RangeBody Range, string? Source, ScoreBody PerformanceScore, IReadOnlyList<GainBody> Gains, long ThresholdsVersion)
{
    /// <summary>Converts a score to its wire form.</summary>
    public static ScoreAnswerBody Of(ScoreView view)
    {
        var score = view.Analysis.Score;
        return new(
            view.Analysis.At, RangeBody.Of(view.Analysis.Range), view.Analysis.Source, ScoreBody.Of(score),
            [
                .. score.Deductions.Where(item => item.Remedy is not null)
                    .Select(item => new GainBody(item.Points, Math.Min(100, Math.Round(score.Value!.Value + item.Points, 1)), item.Remedy!, item.Kind, item.MetricType, item.OperationName, item.Source)),
            ],
            view.Thresholds.Version);
    }
}

/// <summary>What would give points back.</summary>
/// <param name="Points">The points.</param>
/// <param name="ScoreAfter">The score with them, at most 100.</param>
/// <param name="Remedy">What has to become true, in one sentence with numbers.</param>
/// <param name="Kind">The kind of the deduction that would go.</param>
/// <param name="MetricType">The metric type that it is about; null for several or none.</param>
/// <param name="OperationName">The operation name that it is about, the worst one of several; null for none.</param>
/// <param name="Source">The host that it is about; null for none.</param>
internal sealed record GainBody(double Points, double ScoreAfter, string Remedy, string Kind, MetricType? MetricType, string? OperationName, string? Source);
