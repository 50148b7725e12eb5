using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;
using PerfPortal.Server.Storage.Rollups;

namespace PerfPortal.Server.Storage;

/// <summary>Reads row-based data through EF Core: everything on SQL Server, everything except ended operations on SQLite.</summary>
internal sealed class EfOperationReader(IPortalDatabase database, NameDirectory directory) : IOperationReader
{
    public async ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var (high, low) = OperationKeys.Split(id);
        await using var context = database.CreateContext();
        var rows = await context.Operations.AsNoTracking().Where(row => row.IdLow == low && row.IdHigh == high).ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.Select(row => ToOperation(row, directory)).FirstOrDefault(operation => !RemovedSource.Is(operation.Source));
    }

    public async ValueTask<IReadOnlyList<Operation>> ReadRunningAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadRunningAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => OperationDocument.ReadRunning(new Guid(row.Id, bigEndian: true), row.Document))];
    }

    public async ValueTask<OperationPage> ReadPageAsync(OperationQuery query, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        if (Filtered(context, query.Range, query.Filter) is not { } rows)
        {
            return new([], null);
        }

        var page = await After(rows, query.Order, query.After).Take(query.Limit + 1).ToListAsync(cancellationToken).ConfigureAwait(false);
        bool hasMore = page.Count > query.Limit;
        if (hasMore)
        {
            page.RemoveAt(query.Limit);
        }

        bool isByStart = query.Order is OperationOrder.StartAscending or OperationOrder.StartDescending;
        return new(
            [.. page.Select(row => ToOperation(row, directory))],
            hasMore ? new PageCursor(isByStart ? page[^1].StartUs : page[^1].DurationUs, page[^1].Key) : null);
    }

    public async ValueTask ScanAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        if (Filtered(context, range, filter) is not { } rows)
        {
            return;
        }

        var stream = rows.OrderByDescending(row => row.Key).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false);
        await foreach (var row in stream)
        {
            if (!each(ToOperation(row, directory)))
            {
                return;
            }
        }
    }

    public async ValueTask ReadRollupsAsync(
        RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken)
    {
        var range = new RollupPageRange(resolution, from, to);
        var pages = new RollupPageCollector(range, new PageSeriesNumbers(directory, series).NumberOf);
        await using var context = database.CreateContext();
        await foreach (var row in RowsOf(context.RollupPages.AsNoTracking(), range).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            pages.Add(row);
        }

        foreach (var (bucket, page) in pages.Build().Where(page => page.Value.Count > 0))
        {
            each(bucket, page);
        }
    }

    public IReadOnlyList<string> ReadSources() =>
        [.. directory.Sources.All.Where(source => source != PortalSource.Name && !RemovedSource.Is(source)).Order(StringComparer.Ordinal)];

    /// <summary>A single statement, so that all rows come from one snapshot.</summary>
    private static IQueryable<RollupPageRow> RowsOf(IQueryable<RollupPageRow> rows, RollupPageRange range)
    {
        var (first, end, kind) = (range.FirstKey, range.EndKey, (long)range.Resolution);
        var (firstHour, endHour, hours) = (range.FirstHourKey, range.EndHourKey, (long)RollupPageKeys.MinutesOfHour);
        return rows.Where(row => row.Key >= first && row.Key < end && row.Key % 4 == kind)
            .Concat(rows.Where(row => row.Key >= firstHour && row.Key < endHour && row.Key % 4 == hours));
    }

    /// <summary>Converts a row to an operation.</summary>
    internal static Operation ToOperation(OperationRow row, NameDirectory directory)
    {
        var start = Microseconds.ToTime(row.StartUs);
        return OperationDocument.ReadDetails(
            new Operation
            {
                Id = OperationKeys.Join(row.IdHigh, row.IdLow),
                MetricType = (MetricType)row.MetricType,
                Name = directory.Names.NameOf(row.NameId),
                Source = directory.Sources.NameOf(row.SourceId),
                Status = (OperationStatus)row.Status,
                StartTime = start,
                EndTime = start.AddTicks(row.DurationUs * TimeSpan.TicksPerMicrosecond),
                ErrorType = row.ErrorType,
                ErrorMessage = row.ErrorMessage,
            },
            row.Details);
    }

    private IQueryable<TRow> OfSource<TRow>(IQueryable<TRow> rows, string? source, System.Linq.Expressions.Expression<Func<TRow, int>> sourceId)
    {
        int id = directory.Sources.Find(source ?? PortalSource.Name) ?? -1;

        // A captured variable becomes a parameter; a constant would create a separate query plan per source.
        System.Linq.Expressions.Expression<Func<int>> captured = () => id;
        var number = captured.Body;
        var comparison = source is null
            ? System.Linq.Expressions.Expression.NotEqual(sourceId.Body, number)
            : System.Linq.Expressions.Expression.Equal(sourceId.Body, number);
        return rows.Where(System.Linq.Expressions.Expression.Lambda<Func<TRow, bool>>(comparison, sourceId.Parameters));
    }

    private static IQueryable<OperationRow> After(IQueryable<OperationRow> rows, OperationOrder order, PageCursor? cursor)
    {
        if (cursor is { } after)
        {
            var (value, key, _) = after;
            rows = order switch
            {
                OperationOrder.StartDescending => rows.Where(row => row.StartUs < value || (row.StartUs == value && row.Key < key)),
                OperationOrder.StartAscending => rows.Where(row => row.StartUs > value || (row.StartUs == value && row.Key > key)),
                OperationOrder.DurationDescending => rows.Where(row => row.DurationUs < value || (row.DurationUs == value && row.Key < key)),
                _ => rows.Where(row => row.DurationUs > value || (row.DurationUs == value && row.Key > key)),
            };
        }

        return order switch
        {
            OperationOrder.StartDescending => rows.OrderByDescending(row => row.StartUs).ThenByDescending(row => row.Key),
            OperationOrder.StartAscending => rows.OrderBy(row => row.StartUs).ThenBy(row => row.Key),
            OperationOrder.DurationDescending => rows.OrderByDescending(row => row.DurationUs).ThenByDescending(row => row.Key),
            _ => rows.OrderBy(row => row.DurationUs).ThenBy(row => row.Key),
        };
    }

    private IQueryable<OperationRow>? Filtered(PortalDbContext context, TimeRange range, OperationFilter filter)
    {
        long first = OperationKeys.First(range.From);
        long last = OperationKeys.First(range.To.ToMicroseconds() + OperationKeys.ReachUs);
        long fromUs = range.From.ToMicroseconds();
        long toUs = range.To.ToMicroseconds();
        var rows = context.Operations.AsNoTracking()
            .Where(row => row.Key >= first && row.Key < last && row.StartUs + row.DurationUs >= fromUs && row.StartUs + row.DurationUs < toUs);
        if (filter.Series.MetricType is { } type)
        {
            byte number = (byte)type;
            rows = rows.Where(row => row.MetricType == number);
        }

        if (filter.Series.Status is { } status)
        {
            byte number = (byte)status;
            rows = rows.Where(row => row.Status == number);
        }

        if (filter.Series.Name is not null)
        {
            if (directory.Names.Find(filter.Series.Name) is not { } id)
            {
                return null;
            }

            rows = rows.Where(row => row.NameId == id);
        }

        if (filter.MinDuration is { } min)
        {
            long us = min.ToMicroseconds();
            rows = rows.Where(row => row.DurationUs >= us);
        }

        if (filter.MaxDuration is { } max)
        {
            long us = max.ToMicroseconds();
            rows = rows.Where(row => row.DurationUs <= us);
        }

        if (!string.IsNullOrEmpty(filter.Text))
        {
            string pattern = LikePattern.Contains(filter.Text);
            var names = directory.Names.All.Where(name => name.Contains(filter.Text, StringComparison.OrdinalIgnoreCase))
                .Select(name => directory.Names.Find(name)!.Value).ToList();
            rows = rows.Where(row => names.Contains(row.NameId)
                || EF.Functions.Like(row.ErrorMessage!, pattern) || EF.Functions.Like(row.ErrorType!, pattern));
        }

        foreach (int removed in filter.Series.Source is null ? directory.Sources.Hidden : [])
        {
            rows = rows.Where(row => row.SourceId != removed);
        }

        return OfSource(rows, filter.Series.Source, row => row.SourceId);
    }
}
