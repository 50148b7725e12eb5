namespace PerfPortal.Benchmarks.Replay;

/// <summary>What became of one file's rows.</summary>
/// <param name="trace">The file's name without directories and <c>.gz</c>.</param>
internal sealed class FileSummary(string trace)
{
    /// <summary>Rejections that are kept word by word; of the others only the number is.</summary>
    public const int KeptRejections = 5;

    private const int KeptReasons = 20;
    private readonly SortedDictionary<string, long> _skipped = new(StringComparer.Ordinal);
    private readonly List<string> _rejections = new(KeptRejections);

    /// <summary>The file's name without directories and <c>.gz</c>.</summary>
    public string Trace { get; } = trace;

    /// <summary>Why the file as a whole was left out; <see langword="null"/> for one that was read.</summary>
    public string? LeftOut { get; init; }

    /// <summary>Rows read.</summary>
    public long Read { get; set; }

    /// <summary>Rows in requests that the portal answered.</summary>
    public long Sent { get; set; }

    /// <summary>Rows that the portal took.</summary>
    public long Accepted { get; set; }

    /// <summary>Rows that it had already.</summary>
    public long Duplicates { get; set; }

    /// <summary>Rows that it refused.</summary>
    public long Rejected { get; private set; }

    /// <summary>Whether rows were refused because they ended before the portal's retention horizon.</summary>
    public bool MetRetention { get; private set; }

    /// <summary>Rows that were not sent, by reason (at most 20 reasons, the shapes know fewer).</summary>
    public IReadOnlyDictionary<string, long> Skipped => _skipped;

    /// <summary>The first refusals, each with its row.</summary>
    public IReadOnlyList<string> Rejections => _rejections;

    /// <summary>Whether a row could not be read at all.</summary>
    public bool HasMalformed => _skipped.Keys.Any(reason => reason.StartsWith("malformed", StringComparison.Ordinal));

    /// <summary>Counts a row that is not sent.</summary>
    public void Skip(string reason)
    {
        if (_skipped.Count >= KeptReasons && !_skipped.ContainsKey(reason))
        {
            reason = "other reasons";
        }

        _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;
    }

    /// <summary>Counts refused rows.</summary>
    /// <param name="row">The number of the first of them.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="detail">The portal's reason.</param>
    public void Reject(long row, int count, string detail)
    {
        Rejected += count;
        MetRetention |= detail.Contains("retention", StringComparison.OrdinalIgnoreCase);
        if (_rejections.Count < KeptRejections)
        {
            _rejections.Add(count == 1 ? $"row {row}: {detail}" : $"rows from {row} on ({count}): {detail}");
        }
    }
}
