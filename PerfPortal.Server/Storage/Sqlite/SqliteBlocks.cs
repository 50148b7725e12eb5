using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// The blocks of ended operations in one SQLite file: their directory, the recently stored ids, and a cache of opened blocks.
/// One process owns the file (see <see cref="SqliteDatabase.AcquireAsync"/>), so this state always matches the file.
/// Blocks are immutable; a read transaction sees the blocks as of its start, even if they are packed in the meantime.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="maxIds">The number of ids after which a new generation begins.</param>
internal sealed class SqliteBlocks(TimeProvider time, int maxIds = RecentIds.MaxItems)
{
    /// <summary>The columns of a block except its data, in the order expected by <see cref="Read"/>.</summary>
    private const string InfoColumns = "id, state, stored_us, count, first_end_us, last_end_us, min_start_us, max_start_us, min_duration_us, max_duration_us, series";

    private const long OpenedBytes = 12L << 20;
    private const long OrdersBytes = 192L << 20;

    // Approximate memory of an opened block in addition to its data, per block and per operation.
    private const long HeldForBlock = 2_048;
    private const long HeldForOperation = 140;

    private static readonly HashSet<long> Nothing = [];

    private readonly Lock _publish = new();
    private readonly BlockCache<OperationBlock> _opened = new(OpenedBytes);
    private readonly BlockCache<DurationOrder> _orders = new(OrdersBytes);
    private readonly HashSet<long> _damaged = [];
    private BlockDirectory _directory = BlockDirectory.Empty;
    private readonly OlderIds _older = new();
    private bool _hasOlderChanged = true;
    private long _lastId;
    private DateTimeOffset _youngSince;
    private DateTimeOffset _oldSince;
    private DateTimeOffset _generationBegan;

    /// <summary>The ids stored since <see cref="IdsSince"/>.</summary>
    public RecentIds Ids { get; private set; } = new();

    /// <summary>The time from which stored ids are in <see cref="Ids"/>.</summary>
    public DateTimeOffset IdsSince => _oldSince;

    /// <summary>The ids stored before <see cref="IdsSince"/>. For use by the writer only.</summary>
    public OlderIds Older
    {
        get
        {
            if (_hasOlderChanged)
            {
                _older.Replace([.. Directory.All.Where(IsOld)]);
                _hasOlderChanged = false;
            }

            return _older;
        }
    }

    /// <summary>The directory of stored blocks.</summary>
    public BlockDirectory Directory => Volatile.Read(ref _directory);

    /// <summary>The number of blocks that could not be opened since startup. Their operations are unavailable; their rollups are not affected.</summary>
    public int Damaged
    {
        get
        {
            lock (_damaged)
            {
                return _damaged.Count;
            }
        }
    }

    /// <summary>Whether a block could not be opened.</summary>
    public bool IsDamaged(long block)
    {
        lock (_damaged)
        {
            return _damaged.Contains(block);
        }
    }

    /// <summary>Whether it is known without opening a block that it does not contain an id.</summary>
    public bool Excludes(BlockInfo block, long high, long low) => !block.Ids.MayContain(high, low) || _older.Excludes(block.Id, high, low);

    /// <summary>Returns an id for a new block.</summary>
    public long NextId() => ++_lastId;

    /// <summary>Loads the state from the database: at startup, and when the outcome of a commit is unknown.</summary>
    public void Load(SqliteConnection connection)
    {
        var now = time.GetUtcNow();
        _youngSince = _oldSince = now - RecentIds.Generation;
        _generationBegan = now;
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {InfoColumns} FROM operation_blocks ORDER BY id";
        var blocks = new List<BlockInfo>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                blocks.Add(Read(reader));
            }
        }

        _lastId = Math.Max(_lastId, blocks.Count == 0 ? 0 : blocks[^1].Id);
        Ids = new();
        var latest = Latest(blocks);
        using var data = new SqliteBlockData(connection);
        foreach (var block in latest)
        {
            using var opened = OpenOnce(data, block);
            if (opened is not null)
            {
                var ids = new (long High, long Low)[opened.Count];
                opened.CopyIds(ids);
                Hold(block, ids, Nothing);
            }
        }

        Volatile.Write(ref _directory, BlockDirectory.Empty.With([], blocks));
        _hasOlderChanged = true;
    }

    /// <summary>Returns the blocks of the last day, limited to the latest ones whose ids fit in one generation, and updates <see cref="IdsSince"/>.</summary>
    private List<BlockInfo> Latest(List<BlockInfo> blocks)
    {
        long since = _oldSince.ToMicroseconds();
        var lately = blocks.Where(block => block.StoredUs >= since).OrderByDescending(block => block.StoredUs).ToList();
        long ids = 0;
        int taken = lately.TakeWhile(block => (ids += block.Bounds.Count) <= maxIds).Count();
        if (taken == lately.Count)
        {
            return lately;
        }

        // Blocks stored in the same microsecond stay together, so that a single time separates cached from uncached ids.
        long left = lately[taken].StoredUs;
        _youngSince = _oldSince = Microseconds.ToTime(left + 1);
        return [.. lately.Take(taken).Where(block => block.StoredUs > left)];
    }

    /// <summary>Publishes a change atomically with its commit.</summary>
    public void Publish(BlockChange change, Action commit)
    {
        if (change.IsEmpty)
        {
            commit();
            return;
        }

        BeginGeneration();
        lock (_publish)
        {
            commit();
            Volatile.Write(ref _directory, _directory.With(change.Gone, [.. change.Come.Select(come => come.Info)]));
            foreach (var (info, ids) in change.Come)
            {
                Hold(info, ids, change.Gone);
            }

            _hasOlderChanged |= change.Gone.Count > 0 || change.Come.Any(come => IsOld(come.Info));
        }

        foreach (long gone in change.Gone)
        {
            _opened.Remove(gone);
            _orders.Remove(gone);
        }
    }

    /// <summary>Begins a read transaction and returns the blocks that it sees.</summary>
    public BlockDirectory Begin(SqliteCommand begin)
    {
        lock (_publish)
        {
            begin.ExecuteNonQuery();
            return _directory;
        }
    }

    /// <summary>Opens a block through the cache; <see langword="null"/> if it is corrupt or no longer exists.</summary>
    /// <param name="read">Reads the data of a block by id, over a connection that sees it.</param>
    /// <param name="block">The block.</param>
    public OperationBlock? Open(Func<long, byte[]?> read, BlockInfo block)
    {
        try
        {
            return _opened.Get(block.Id, id =>
            {
                byte[] bytes = read(id) ?? throw Gone();
                return (Verified(OperationBlock.Open(bytes), block), bytes.Length + HeldForBlock + (HeldForOperation * block.Count));
            });
        }
        catch (InvalidDataException)
        {
            Damage(block);
            return null;
        }
    }

    /// <summary>Opens a block without caching; the caller disposes it. <see langword="null"/> if it is corrupt or no longer exists.</summary>
    public OperationBlock? OpenOnce(SqliteBlockData data, BlockInfo block)
    {
        var memory = new BlockMemory();
        try
        {
            return Verified(OperationBlock.Open(data.Read(block.Id, memory) ?? throw Gone(), memory), block);
        }
        catch (InvalidDataException)
        {
            memory.Dispose();
            Damage(block);
            return null;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Returns the duration order of a block; <see langword="null"/> if it is corrupt or no longer exists.</summary>
    /// <param name="open">Opens the block if its order is not cached; the caller keeps and disposes it.</param>
    /// <param name="block">The block.</param>
    public DurationOrder? Sort(Func<BlockInfo, OperationBlock?> open, BlockInfo block)
    {
        try
        {
            return _orders.Get(block.Id, _ =>
            {
                var order = DurationOrder.Of(open(block) ?? throw Gone());
                return (order, order.Bytes);
            });
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Starts a new generation of ids after a day or when the current one is full, and drops the one before the previous.</summary>
    private void BeginGeneration()
    {
        var now = time.GetUtcNow();
        if (now - _generationBegan >= RecentIds.Generation || Ids.Young >= maxIds)
        {
            Ids.Rotate();
            _oldSince = _youngSince;
            _youngSince = _generationBegan = now;
            _hasOlderChanged = true;
        }
    }

    private bool IsOld(BlockInfo block) => block.StoredUs < _oldSince.ToMicroseconds();

    private static OperationBlock Verified(OperationBlock opened, BlockInfo block)
    {
        opened.Verify();
        return opened.Count == block.Count ? opened : throw new InvalidDataException("The number of operations in the block does not match its row.");
    }

    private static InvalidDataException Gone() => new("The block no longer exists.");

    private void Damage(BlockInfo block)
    {
        lock (_damaged)
        {
            _damaged.Add(block.Id);
        }
    }

    private static BlockInfo Read(SqliteDataReader reader)
    {
        var (ids, series) = SeriesList.Read(reader.GetFieldValue<byte[]>(10));
        return new(
            reader.GetInt64(0),
            (BlockState)reader.GetByte(1),
            reader.GetInt64(2),
            new(reader.GetInt32(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9)),
            ids,
            series);
    }

    private void Hold(BlockInfo info, (long High, long Low)[] ids, IReadOnlySet<long> gone)
    {
        if (IsOld(info))
        {
            return;
        }

        foreach (var (high, low) in ids)
        {
            Ids.Put(high, low, checked((int)info.Id), gone);
        }
    }
}
