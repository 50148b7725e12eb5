using System.Globalization;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.Learned;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints of advice: what the components that do the work should do better, and whether that helped.</summary>
internal static class AdviceApi
{
    private const string Meaning =
        "Each item rests on the recorded operations of the last 7 days (health checks: 28 days): a value, how many operations it rests on, how far to trust it, when to ask again, the safe default, and why. With too little data the value is the safe default and the confidence is 0.";

    private static readonly TextParameter Host = new("host", 253)
    {
        Description = "Only downloads from this host, with or without its port. All hosts when missing.",
        Example = "huggingface.co",
    };

    private static readonly BytesParameter Size = new("size_bytes")
    {
        Description = "The bytes to download: comparable downloads count, and the answer has the expected duration.",
        Example = "4831838208",
    };

    /// <summary>Maps the routes.</summary>
    public static void MapAdviceApi(this RouteGroupBuilder group)
    {
        group.MapGet("/advice/download", DownloadAsync)
            .WithName("AdviseDownload").WithParameters(CommonParameters.Source, CommonParameters.Name, Host, Size).Answers()
            .WithSummary("Advise a download").WithDescription($"Retry delay and whether a retry is worthwhile by error category, timeout, connections, files at the same time, share of the bandwidth, expected speed and duration, and known errors. {Meaning}");
        group.MapGet("/advice/health-check", (HttpContext context, HistoryAdviser adviser, TimeProvider time, CancellationToken token) => AnswerAsync(context, AdviceTopic.HealthCheck, adviser, time, token))
            .WithName("AdviseHealthCheck").WithParameters(CommonParameters.Source, CommonParameters.Name).Answers()
            .WithSummary("Advise a health check").WithDescription($"The interval of checks, how often a full one, the rate of reading now, degradation, and the order of repair. {Meaning}");
        group.MapGet("/advice/fallback", (HttpContext context, HistoryAdviser adviser, TimeProvider time, CancellationToken token) => AnswerAsync(context, AdviceTopic.Fallback, adviser, time, token))
            .WithName("AdviseFallback").WithParameters(CommonParameters.Source, CommonParameters.Name).Answers()
            .WithSummary("Advise a fallback").WithDescription($"The order of the alternatives, their expected time and success, and how long a score stays valid. {Meaning}");
        group.MapGet("/advice/effect", EffectAsync)
            .WithName("GetAdviceEffect").WithParameters(CommonParameters.Source).Produces<ItemsBody<AdviceEffectBody>>()
            .WithSummary("Get the effect of advice").WithDescription("Compares the time to success of operations that followed advice with that of comparable ones that used the safe defaults by chance: all downloads and those from each host, all fallbacks and those of each group; of health checks, what the intervals between them cost. Advice that harms or makes no difference is withheld.");
    }

    private static RouteHandlerBuilder Answers(this RouteHandlerBuilder route) =>
        route.Produces<ItemsBody<AdviceItem>>().WithResponseHeader("Cache-Control", "How long the answer may be kept: until the first item expires.");

    private static async Task<IResult> DownloadAsync(HttpContext context, HistoryAdviser adviser, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var question = new AdviceQuestion(AdviceTopic.Download, query.Read(CommonParameters.Source), query.Read(CommonParameters.Name), query.Read(Host), query.Read(Size));
        return query.IsValid ? await AnswerAsync(context, question, adviser, query.Now, cancellationToken).ConfigureAwait(false) : query.Problem;
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, AdviceTopic topic, HistoryAdviser adviser, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var question = new AdviceQuestion(topic, query.Read(CommonParameters.Source), query.Read(CommonParameters.Name));
        return query.IsValid ? await AnswerAsync(context, question, adviser, query.Now, cancellationToken).ConfigureAwait(false) : query.Problem;
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, AdviceQuestion question, HistoryAdviser adviser, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var items = await adviser.AdviseAsync(question, cancellationToken).ConfigureAwait(false);
        double seconds = Math.Max(0, Math.Floor((items.Min(item => item.ExpiresAt) - now).TotalSeconds));
        context.Response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"private, max-age={seconds:0}");
        return TypedResults.Ok(new ItemsBody<AdviceItem>(items));
    }

    private static async Task<IResult> EffectAsync(HttpContext context, EffectReader effects, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        string? source = query.Read(CommonParameters.Source);
        return query.IsValid
            ? TypedResults.Ok(new ItemsBody<AdviceEffectBody>([.. (await effects.ReadAsync(source, cancellationToken).ConfigureAwait(false)).Select(AdviceEffectBody.Of)]))
            : query.Problem;
    }
}
