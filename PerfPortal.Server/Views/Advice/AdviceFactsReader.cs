using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Advice.Learned;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Advice;

/// <summary>Reads the load of hosts from their samples, and the use of models from the model operations. Thread-safe.</summary>
internal sealed class AdviceFactsReader(IResourceReader samples, StatisticsReader statistics, TimeProvider time) : IAdviceFactsReader
{
    private const int MaxSources = 100;

    // The use of a week changes slowly.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (IReadOnlyDictionary<string, long> Uses, long At)> _uses = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<ResourceSample?> ReadLoadAsync(string? source, CancellationToken cancellationToken)
    {
        string host = HostSource.Of(source);
        return (await samples.ReadLatestAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(sample => sample.Source == host);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, long>?> ReadUsesAsync(string? source, CancellationToken cancellationToken)
    {
        string key = source ?? "";
        lock (_lock)
        {
            if (_uses.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) < Lifetime)
            {
                return known.Uses;
            }
        }

        var now = time.GetUtcNow();
        var answer = await statistics.ReadAsync(
            new(new TimeRange(now - AdviceHistory.KeptUses, now), new() { MetricType = MetricType.ModelOperation, Source = source }, StatisticsGrouping.Name, WithFacts: false), cancellationToken)
            .ConfigureAwait(false);
        var uses = answer.Groups.Keys.Where(group => group.Name is not null).ToDictionary(group => group.Name!, group => answer.Of(group).Count, StringComparer.Ordinal);
        lock (_lock)
        {
            if (_uses.Count >= MaxSources && !_uses.ContainsKey(key))
            {
                _uses.Clear();
            }

            _uses[key] = (uses, time.GetTimestamp());
        }

        return uses;
    }
}
