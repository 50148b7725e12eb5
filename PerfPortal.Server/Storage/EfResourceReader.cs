using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage;

/// <summary>Reads samples and their rollups through EF Core, on either database.</summary>
internal sealed class EfResourceReader(IPortalDatabase database, NameDirectory directory) : IResourceReader
{
    public async Task<IReadOnlyList<ResourceSample>> ReadLatestAsync(CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var samples = new List<ResourceSample>();

        // From source to source along the key: all hours of all of them are many.
        for (int? last = int.MinValue; (last = await NextSourceAsync(context, last.Value, cancellationToken).ConfigureAwait(false)) is { } source;)
        {
            var row = await context.Samples.AsNoTracking().Where(row => row.SourceId == source).OrderByDescending(row => row.AtUs)
                .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            if (row is not null)
            {
                samples.Add(SampleDocument.Read(directory.Sources.NameOf(source), Microseconds.ToTime(row.AtUs), row.Data).Sample);
            }
        }

        return samples;
    }

    public async Task ReadSamplesAsync(string source, TimeRange range, Action<ResourceSample, TimeSpan> each, CancellationToken cancellationToken)
    {
        int id = directory.Sources.Find(source) ?? -1;
        long from = range.From.ToMicroseconds();
        long to = range.To.ToMicroseconds();
        await using var context = database.CreateContext();
        var rows = context.Samples.AsNoTracking().Where(row => row.SourceId == id && row.AtUs >= from && row.AtUs < to).OrderBy(row => row.AtUs);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var (sample, covered) = SampleDocument.Read(source, Microseconds.ToTime(row.AtUs), row.Data);
            each(sample, covered);
        }
    }

    public async Task ReadResourceRollupsAsync(
        string source, RollupResolution resolution, long from, long to, Action<long, ResourceRollup> each, CancellationToken cancellationToken)
    {
        int id = directory.Sources.Find(source) ?? -1;
        byte unit = (byte)resolution;
        await using var context = database.CreateContext();
        var rows = context.ResourceRollups.AsNoTracking()
            .Where(row => row.Resolution == unit && row.SourceId == id && row.Bucket >= from && row.Bucket < to).OrderBy(row => row.Bucket);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            each(row.Bucket, ResourceRollup.FromBytes(row.Data));
        }
    }

    private static Task<int?> NextSourceAsync(PortalDbContext context, int after, CancellationToken cancellationToken) =>
        context.ResourceRollups.Where(row => row.Resolution == (byte)RollupResolution.Hour && row.SourceId > after).Select(row => (int?)row.SourceId)
            .OrderBy(source => source).FirstOrDefaultAsync(cancellationToken);
}
