using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Tests.Analysis;

/// <summary>Samples in memory; rollups are made of them when they are read.</summary>
internal sealed class MemoryResources : IResourceReader
{
    private readonly List<(ResourceSample Sample, TimeSpan Covered)> _samples = [];

    public void Add(ResourceSample sample, TimeSpan covered) => _samples.Add((sample, covered));

    /// <summary>A sample each <paramref name="interval"/> over a range, of one metric.</summary>
    public void Fill(string source, TimeRange range, TimeSpan interval, ResourceMetric metric, Func<DateTimeOffset, double> valueAt)
    {
        for (var at = range.From + interval; at < range.To; at += interval)
        {
            Add(new ResourceSample(source, at) { [metric] = valueAt(at) }, interval);
        }
    }

    public Task<IReadOnlyList<ResourceSample>> ReadLatestAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ResourceSample>>(
        [.. _samples.Select(item => item.Sample).GroupBy(sample => sample.Source).Select(source => source.MaxBy(sample => sample.SampledAt)!)]);

    public Task ReadSamplesAsync(string source, TimeRange range, Action<ResourceSample, TimeSpan> each, CancellationToken cancellationToken)
    {
        foreach (var (sample, covered) in _samples.Where(item => item.Sample.Source == source && range.Contains(item.Sample.SampledAt))
            .OrderBy(item => item.Sample.SampledAt))
        {
            each(sample, covered);
        }

        return Task.CompletedTask;
    }

    public ValueTask ReadResourceRollupsAsync(
        string source, RollupResolution resolution, long from, long to, Action<long, ResourceRollup> each, CancellationToken cancellationToken)
    {
        foreach (var (bucket, rollup) in Rollups(source, resolution).Where(pair => pair.Bucket >= from && pair.Bucket < to))
        {
            each(bucket, rollup);
        }

        return ValueTask.CompletedTask;
    }

    public HostResources Host(string source)
    {
        var latest = _samples.Select(item => item.Sample).Where(sample => sample.Source == source).MaxBy(sample => sample.SampledAt);
        return new(
            source, latest,
            [.. Rollups(source, RollupResolution.Minute).Select(pair => new ResourceMinute(RollupBuckets.Start(RollupResolution.Minute, pair.Bucket), pair.Rollup))]);
    }

    private List<(long Bucket, ResourceRollup Rollup)> Rollups(string source, RollupResolution resolution)
    {
        var rollups = new SortedDictionary<long, ResourceRollup>();
        foreach (var (sample, covered) in _samples.Where(item => item.Sample.Source == source))
        {
            long bucket = RollupBuckets.Of(resolution, sample.SampledAt);
            if (!rollups.TryGetValue(bucket, out var rollup))
            {
                rollups.Add(bucket, rollup = new());
            }

            rollup.Add(sample, covered);
        }

        return [.. rollups.Select(pair => (pair.Key, pair.Value))];
    }
}
