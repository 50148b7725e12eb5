using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage;

/// <summary>Reads samples and their rollups through EF Core, on either database.</summary>
internal sealed class EfResourceReader(IPortalDatabase database, NameDirectory directory) : IResourceReader
{
    // Every analysis runs this query for every host, so it is compiled once. It is bound to one database's model, so it is not static.
    private readonly Func<PortalDbContext, byte, int, long, long, IAsyncEnumerable<ResourceRollupRow>> _rollups = EF.CompileAsyncQuery(
        (PortalDbContext context, byte resolution, int source, long from, long to) => context.ResourceRollups.AsNoTracking()
            .Where(row => row.Resolution == resolution && row.SourceId == source && row.Bucket >= from && row.Bucket < to).OrderBy(row => row.Bucket)
            .AsQueryable());

    public async Task<IReadOnlyList<ResourceSample>> ReadLatestAsync(CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var samples = new List<ResourceSample>();

        // Skips from source to source along the key instead of scanning every hour of every source.
        for (int? last = int.MinValue; (last = await NextSourceAsync(context, last.Value, cancellationToken).ConfigureAwait(false)) is { } source;)
        {
            var row = await context.Samples.AsNoTracking().Where(row => row.SourceId == source).OrderByDescending(row => row.AtUs)
                .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            if (row is not null && !RemovedSource.Is(directory.Sources.NameOf(source)))
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

    public async ValueTask ReadResourceRollupsAsync(
        string source, RollupResolution resolution, long from, long to, Action<long, ResourceRollup> each, CancellationToken cancellationToken)
    {
        int id = directory.Sources.Find(source) ?? -1;
        await using var context = database.CreateContext();
        await foreach (var row in _rollups(context, (byte)resolution, id, from, to).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            each(row.Bucket, ResourceRollup.FromBytes(row.Data));
        }
    }

    private static Task<int?> NextSourceAsync(PortalDbContext context, int after, CancellationToken cancellationToken) =>
        context.ResourceRollups.Where(row => row.Resolution == (byte)RollupResolution.Hour && row.SourceId > after).Select(row => (int?)row.SourceId)
            .OrderBy(source => source).FirstOrDefaultAsync(cancellationToken);
}
