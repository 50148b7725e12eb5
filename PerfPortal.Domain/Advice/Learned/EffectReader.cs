using PerfPortal.Domain.Advice.Effects;
using PerfPortal.Domain.Advice.History;

namespace PerfPortal.Domain.Advice.Learned;

/// <summary>Whether advice helps, as the endpoint and the Models page show it.</summary>
/// <param name="history">What was recorded.</param>
/// <param name="facts">Says how often models are used.</param>
public sealed class EffectReader(AdviceHistory history, IAdviceFactsReader facts)
{
    /// <summary>The maximum number of hosts, and of groups, that have an item of their own: those with the most operations.</summary>
    public const int MaxSubjects = 20;

    private const int MaxOperations = 10_000;

    /// <summary>Returns the effect on all downloads and on those from each host, on the intervals between health checks, and on all fallbacks and on those of each group.</summary>
    /// <param name="source">Only of this source.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IReadOnlyList<AdviceEffect>> ReadAsync(string? source, CancellationToken cancellationToken)
    {
        var uses = await facts.ReadUsesAsync(source, cancellationToken).ConfigureAwait(false);
        var downloads = history.Downloads(source, max: MaxOperations).Where(download => download.Advised is not null).ToList();
        var fallbacks = history.Fallbacks(source, max: MaxOperations).Where(fallback => fallback.Advised is not null).ToList();
        return
        [
            EffectMeasure.Downloads(null, downloads),
            .. Largest(downloads.Where(download => download.Key.Host.Length > 0), download => download.Key.Host).Select(host => EffectMeasure.Downloads(host.Key, [.. host])),
            EffectMeasure.Checks(history.Checks(source, max: MaxOperations), uses),
            EffectMeasure.Fallbacks(null, fallbacks),
            .. Largest(fallbacks, fallback => fallback.Key.Name).Select(name => EffectMeasure.Fallbacks(name.Key, [.. name])),
        ];
    }

    private static IEnumerable<IGrouping<string, T>> Largest<T>(IEnumerable<T> operations, Func<T, string> subject) =>
        operations.GroupBy(subject, StringComparer.Ordinal).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Take(MaxSubjects);
}
