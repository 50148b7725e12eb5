using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Tests.Hosting;
using Xunit;

namespace PerfPortal.Tests.Journal;

/// <summary>A store in memory that can be told to fail or to block.</summary>
internal sealed class MemoryJournal : IJournalStore, IOperationReader
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(RollupResolution, long, SeriesKey, OperationStatus), Rollup> _rollups = [];
    private readonly HashSet<long> _dirty = [];

    public static readonly DateTimeOffset Start = new(2026, 3, 10, 12, 0, 30, TimeSpan.Zero);

    public Dictionary<Guid, Operation> Ended { get; } = [];

    public Dictionary<Guid, Operation> Running { get; } = [];

    public List<IReadOnlyList<JournalEntry>> Commits { get; } = [];

    /// <summary>What a commit throws, if anything.</summary>
    public Func<IReadOnlyList<JournalEntry>, Exception?> FailCommit { get; set; } = _ => null;

    /// <summary>What a commit throws after it has stored its entries, if anything.</summary>
    public Func<Exception?> FailAfterCommit { get; set; } = () => null;

    /// <summary>What a flush throws, if anything.</summary>
    public Func<Exception?> FailFlush { get; set; } = () => null;

    /// <summary>Awaited before each commit.</summary>
    public Task CommitMay { get; set; } = Task.CompletedTask;

    /// <summary>Awaited within each flush, before anything is written.</summary>
    public Task FlushMay { get; set; } = Task.CompletedTask;

    /// <summary>Awaited before minutes are rebuilt.</summary>
    public Task RebuildMay { get; set; } = Task.CompletedTask;

    /// <summary>Whether a commit continues although it was cancelled.</summary>
    public bool IgnoresCancellation { get; set; }

    public StoreFailureKind FailureKind { get; set; } = StoreFailureKind.Unavailable;

    public int Attempts { get; private set; }

    public int FlushAttempts { get; private set; }

    /// <summary>How often pages were asked for.</summary>
    public int RollupReads { get; private set; }

    /// <summary>How often rows were walked.</summary>
    public int Scans { get; private set; }

    /// <summary>Awaited before pages are read.</summary>
    public Func<Task> OnRollupRead { get; set; } = () => Task.CompletedTask;

    /// <summary>What a rollup of this delta throws when it is added to, if anything.</summary>
    public Func<RollupDelta, Exception?> FailDelta { get; set; } = _ => null;

    /// <summary>Rebuilds minutes; not set by default.</summary>
    public Action<IReadOnlyList<long>> Rebuild { get; set; } = _ => throw new NotSupportedException();

    public IReadOnlyCollection<long> Dirty => _dirty;

    public async ValueTask<IReadOnlyList<EntryResult>> CommitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        Attempts++;
        await CommitMay.WaitAsync(IgnoresCancellation ? CancellationToken.None : cancellationToken);
        if (FailCommit(entries) is { } failure)
        {
            throw failure;
        }

        lock (_lock)
        {
            Commits.Add(entries);
            EntryResult[] results = [.. entries.Select(Store)];
            return FailAfterCommit() is { } uncertain ? throw uncertain : results;
        }
    }

    public async ValueTask AddRollupsAsync(IReadOnlyList<RollupDelta> deltas, IReadOnlyCollection<long> cleanMinutes, CancellationToken cancellationToken)
    {
        FlushAttempts++;
        await FlushMay.WaitAsync(cancellationToken);
        if (FailFlush() is { } failure)
        {
            throw failure;
        }

        if (deltas.Select(FailDelta).FirstOrDefault(found => found is not null) is { } unwritable)
        {
            throw unwritable;
        }

        lock (_lock)
        {
            foreach (var delta in deltas)
            {
                var key = (delta.Resolution, delta.Bucket, delta.Series, delta.Outcome);
                if (!_rollups.TryGetValue(key, out var rollup))
                {
                    _rollups.Add(key, rollup = new());
                }

                rollup.Merge(delta.Rollup);
            }

            _dirty.ExceptWith(cleanMinutes);
        }
    }

    public ValueTask<IReadOnlyList<long>> ReadDirtyMinutesAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<long>>([.. _dirty]);

    public async ValueTask RebuildRollupsAsync(IReadOnlyList<long> minutes, CancellationToken cancellationToken)
    {
        await RebuildMay.WaitAsync(cancellationToken);
        Rebuild(minutes);
    }

    public bool IsTransient(Exception exception) => exception is TimeoutException or UncertainCommitException;

    public StoreFailureKind Classify(Exception exception) => FailureKind;

    public ValueTask ProbeAsync(CancellationToken cancellationToken) => FailCommit([]) is { } failure ? throw failure : ValueTask.CompletedTask;

    public ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(Ended.GetValueOrDefault(id));
        }
    }

    public ValueTask<IReadOnlyList<Operation>> ReadRunningAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<Operation>>([.. Running.Values]);
        }
    }

    public ValueTask<OperationPage> ReadPageAsync(OperationQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ScanAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken)
    {
        Scans++;
        List<Operation> rows;
        lock (_lock)
        {
            rows = [.. Ended.Values.Where(operation => range.Contains(operation.EndTime!.Value)
                && filter.Series.Matches(new(operation.MetricType, operation.Source, operation.Name), operation.Status)).OrderByDescending(operation => operation.EndTime)];
        }

        _ = rows.All(each);
        return ValueTask.CompletedTask;
    }

    public async ValueTask ReadRollupsAsync(
        RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken)
    {
        RollupReads++;
        await OnRollupRead();
        List<(long, RollupPage)> pages;
        lock (_lock)
        {
            pages =
            [
                .. RollupPages.Of(
                    _rollups.Where(pair => pair.Key.Item1 == resolution && pair.Key.Item2 >= from && pair.Key.Item2 < to)
                        .Select(pair => new RollupDelta(resolution, pair.Key.Item2, pair.Key.Item3, pair.Key.Item4, pair.Value.Clone())),
                    series),
            ];
        }

        foreach (var (bucket, page) in pages)
        {
            each(bucket, page);
        }
    }

    public bool MayHaveEnded(TimeRange range)
    {
        lock (_lock)
        {
            return Ended.Values.Any(operation => range.Contains(operation.EndTime!.Value));
        }
    }

    public IReadOnlyList<string> ReadSources() => [];

    /// <summary>Forgets rollups, as retention does.</summary>
    public void Purge(RollupResolution resolution, long before)
    {
        foreach (var key in _rollups.Keys.Where(key => key.Item1 == resolution && key.Item2 < before).ToList())
        {
            _rollups.Remove(key);
        }
    }

    public static Operation Op(
        double secondsAfter = 0, double duration = 1, OperationStatus status = OperationStatus.Succeeded, string name = "load", string source = "host-a",
        MetricType type = MetricType.ModelOperation, Guid? id = null)
    {
        var end = Start.AddSeconds(secondsAfter).ToWholeMicroseconds();
        return new()
        {
            Id = id ?? Guid.NewGuid(),
            MetricType = type,
            Name = name,
            Source = source,
            Status = status,
            StartTime = end - Microseconds.FromSeconds(duration),
            EndTime = status == OperationStatus.Running ? null : end,
        };
    }

    private EntryResult Store(JournalEntry entry)
    {
        switch (entry)
        {
            case OperationRunning { Operation: var operation }:
                Running[operation.Id] = operation;
                return default;
            case OperationEnded { Operation: var operation }:
                Running.Remove(operation.Id);
                var existing = Ended.GetValueOrDefault(operation.Id);
                if (existing is not null && (existing.Status != OperationStatus.Abandoned || operation.Status == OperationStatus.Abandoned))
                {
                    return new(EntryOutcome.Duplicate, existing);
                }

                Ended[operation.Id] = operation;
                _dirty.Add(RollupBuckets.Of(RollupResolution.Minute, operation.EndTime!.Value));
                return new(existing is null ? EntryOutcome.Stored : EntryOutcome.ReplacedAbandoned, existing);
            case RunningForgotten { Id: var id }:
                Running.Remove(id);
                return default;
            default:
                return default;
        }
    }
}

/// <summary>A journal over <see cref="MemoryJournal"/>, running, on a clock of its own.</summary>
internal sealed class JournalBench : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LoggerFactory _logs;
    private Task _run = Task.CompletedTask;

    public JournalBench(params ICommitListener[] listeners)
        : this(null, listeners)
    {
    }

    public JournalBench(NameLimiter? names, params ICommitListener[] listeners)
        : this(names, null, listeners)
    {
    }

    public JournalBench(NameLimiter? names, ISourceStore? sources, params ICommitListener[] listeners)
    {
        Rollups = new(Time);
        _logs = new([Log]);
        Journal = new(Store, Rollups, listeners, Time, _logs.CreateLogger<OperationJournal>(), names, sources);
    }

    public FakeTimeProvider Time { get; } = new(MemoryJournal.Start);

    /// <summary>What the journal logs.</summary>
    public LogRecords Log { get; } = new();

    public MemoryJournal Store { get; } = new();

    public RollupBuffer Rollups { get; }

    public OperationJournal Journal { get; }

    public Task Run => _run;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public JournalBench Begin()
    {
        _run = Task.Run(() => Journal.RunAsync(_stop.Token));
        return this;
    }

    public Task<IReadOnlyList<EntryResult>> EndAsync(params Operation[] operations) =>
        Journal.SubmitAsync([.. operations.Select(operation => new OperationEnded(operation))], Token);

    /// <summary>Lets the fake clock run until something holds; the test's own limit ends it.</summary>
    public async Task UntilAsync(Func<bool> holds, double milliseconds = 50)
    {
        for (int i = 0; !holds(); i++)
        {
            Assert.True(i < 20_000, "It never came to hold.");
            Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            await Task.Delay(1, Token);
        }
    }

    /// <summary>Waits without moving the clock.</summary>
    public static async Task WhenAsync(Func<bool> holds)
    {
        for (int i = 0; !holds(); i++)
        {
            Assert.True(i < 20_000, "It never came to hold.");
            await Task.Delay(1, Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Journal.Close();
        await _stop.CancelAsync();
        try
        {
            await _run;
        }
        catch (OperationCanceledException)
        {
        }

        _stop.Dispose();
        _logs.Dispose();
    }
}
