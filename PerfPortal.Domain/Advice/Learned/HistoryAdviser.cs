using PerfPortal.Domain.Advice.Downloads;
using PerfPortal.Domain.Advice.Effects;
using PerfPortal.Domain.Advice.Fallbacks;
using PerfPortal.Domain.Advice.HealthChecks;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Advice.Learned;

/// <summary>
/// Advice from what was recorded. Advice that was measured to harm, or to make no difference, gives way to the safe defaults until that evidence has left the history. Thread-safe.
/// </summary>
/// <param name="history">What was recorded.</param>
/// <param name="facts">What else is known of hosts and models.</param>
/// <param name="time">The clock.</param>
public sealed class HistoryAdviser(AdviceHistory history, IAdviceFactsReader facts, TimeProvider time) : IAdviser
{
    private const int MaxChecks = 10_000;

    private readonly EffectCache _effects = new(time);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AdviceItem>> AdviseAsync(AdviceQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new AdviceWriter(time.GetUtcNow());
        var (source, name) = (question.Source, question.Name);
        string by = source is null ? "" : $" by {source}";
        switch (question.Topic)
        {
            case AdviceTopic.Download:
                var load = await facts.ReadLoadAsync(source, cancellationToken).ConfigureAwait(false);
                var ofHost = OfHost(question);
                DownloadAdvice.Write(answer, OfName(question, ofHost.Among) ?? ofHost, ofHost, question.SizeBytes, load);
                Apply(answer, _effects.Get((AdviceTopic.Download, source, question.Host), () => EffectMeasure.Downloads(question.Host, history.Downloads(source, host: question.Host))));
                break;
            case AdviceTopic.HealthCheck:
                var usual = await facts.ReadLoadAsync(source, cancellationToken).ConfigureAwait(false);
                var uses = await facts.ReadUsesAsync(source, cancellationToken).ConfigureAwait(false);
                HealthAdvice.Write(answer, history.Checks(source, name), name, usual, uses, (name is null ? "of all models" : $"of {name}") + by);

                // One model has too few checks to tell.
                Apply(answer, _effects.Get((AdviceTopic.HealthCheck, source, null), () => EffectMeasure.Checks(history.Checks(source, max: MaxChecks), uses)));
                break;
            default:
                FallbackAdvice.Write(answer, history.Fallbacks(source, name), (name is null ? "of all groups" : $"of {name}") + by);
                Apply(answer, _effects.Get((AdviceTopic.Fallback, source, name), () => EffectMeasure.Fallbacks(name, history.Fallbacks(source, name))));
                break;
        }

        return answer.Items;
    }

    private static void Apply(AdviceWriter answer, AdviceEffect effect)
    {
        if (effect.Verdict == AdviceVerdict.Harmed || (effect.Verdict == AdviceVerdict.NoDifference && !answer.IsExploring))
        {
            answer.FallBack(
                $"{effect.Reason} The default is used until that is older than {(effect.Topic == AdviceTopic.HealthCheck ? AdviceHistory.KeptChecks : AdviceHistory.Kept).TotalDays:0} days.", keepCheaper: effect.Verdict == AdviceVerdict.NoDifference);
        }
        else if (effect.Verdict == AdviceVerdict.Helped)
        {
            answer.Remark(effect.Reason);
        }
    }

    private (IReadOnlyList<PastDownload> Downloads, string Among) OfHost(AdviceQuestion question) => (
        history.Downloads(question.Source, host: question.Host),
        (question.Source is { } source ? $"by {source} " : "") + (question.Host is { } host ? $"from {host}" : "from all hosts"));

    // Most files are loaded once: where a name has too few downloads, all from its host count.
    private (IReadOnlyList<PastDownload> Downloads, string Among)? OfName(AdviceQuestion question, string from) =>
        question.Name is { } name && history.Downloads(question.Source, name, question.Host) is { Count: >= Confidence.MinSamples } ofName ? (ofName, $"of {name} {from}") : null;
}
