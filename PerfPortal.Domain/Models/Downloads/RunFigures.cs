using PerfPortal.Domain.Advice.Downloads;
using PerfPortal.Domain.Models.Downloads.Transfers;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>The figures of a run: those of its files, and their sums.</summary>
internal sealed class RunFigures
{
    private readonly DownloadPlan _plan;
    private readonly TransferFigures[] _files;
    private readonly TransferOutcome?[] _outcomes;
    private readonly FileStatus?[] _complete;

    /// <summary>Creates them, with what is there already.</summary>
    /// <param name="plan">What to load.</param>
    /// <param name="time">The clock.</param>
    /// <param name="known">The files as an earlier run left them, in the order of the plan.</param>
    public RunFigures(DownloadPlan plan, TimeProvider time, IReadOnlyList<FileStatus> known)
    {
        _plan = plan;
        _complete = [.. plan.Specs.Select((_, index) => known.Count == plan.Specs.Count && known[index] is { IsComplete: true, BytesTotal: not null } file ? file : null)];
        _files = [.. plan.Specs.Select((spec, index) => Begin(spec, _complete[index]))];
        _outcomes = new TransferOutcome?[plan.Specs.Count];
        Speed = new(time);
    }

    /// <summary>The speed.</summary>
    public SpeedMeter Speed { get; }

    /// <summary>The retries.</summary>
    public RetryLog Retries { get; } = new();

    /// <summary>The connections, once the advice is known.</summary>
    public ConnectionSlots? Slots { get; set; }

    public long Done => _files.Sum(file => file.Done);

    public long Received => _files.Sum(file => file.Received);

    public long Wasted => _files.Sum(file => file.Wasted);

    /// <summary>The longest time without progress after which the same attempt went on.</summary>
    public TimeSpan LongestStall => _files.Length == 0 ? TimeSpan.Zero : _files.Max(file => file.LongestStall);

    /// <summary>The bytes that were received and are in the files.</summary>
    public long Useful => Math.Max(0, Received - Wasted);

    /// <summary>The bytes of all files; <see langword="null"/> as long as one is not known.</summary>
    public long? Total
    {
        get
        {
            long total = 0;
            for (int i = 0; i < _files.Length; i++)
            {
                if ((_files[i].Size ?? _plan.Specs[i].Size) is not { } size)
                {
                    return null;
                }

                total += size;
            }

            return total;
        }
    }

    public IReadOnlyList<string> Notes => [.. _files.SelectMany(file => file.Notes).Take(100)];

    /// <summary>Whether all files are there with the expected hash.</summary>
    public bool IsVerified => _outcomes.All(outcome => outcome is { IsVerified: true });

    /// <summary>The files, in the order of the plan.</summary>
    public IReadOnlyList<FileStatus> Files =>
    [
        .. _files.Select((file, index) => new FileStatus(
            _plan.Specs[index].Label, file.Done, file.Size ?? _plan.Specs[index].Size, _outcomes[index] is not null || IsStillComplete(index), _outcomes[index] is { IsVerified: true })),
    ];

    /// <summary>The files as they are in the end, in the order of the plan.</summary>
    public IReadOnlyList<DownloadedFile> Outcomes =>
    [
        .. _outcomes.Select((outcome, index) => new DownloadedFile(_plan.Specs[index].Path, outcome!.Size, outcome.Sha256, outcome.IsVerified, outcome.WasThere)),
    ];

    /// <summary>The connections in use; those that wait for another attempt are not.</summary>
    public int Connections => _files.Sum(file => file.Connections);

    /// <summary>The files of which something was loaded.</summary>
    public int FilesLoaded => _files.Count(file => file.Received > 0);

    /// <summary>
    /// The numbers of connections and of files at the same time that were intended, as far as the files allow: neither those at the moment that had most, which depends on chance, nor more than there are pieces to load.
    /// </summary>
    public (int Connections, int Concurrency) LevelsOf(TransferAdvice advice)
    {
        int[] most = [.. _files.Where(file => file.Received > 0).Select(file => file.IsUndivided ? 1 : UsefulConnections.Of(file.Received)).OrderDescending()];
        int files = Math.Max(1, Math.Min(advice.Concurrency, most.Length));

        // Each file that is loaded has a connection, however few are advised.
        long possible = most.Take(files).Sum(count => (long)count);
        return ((int)Math.Max(1, Math.Min(Math.Max(advice.Connections, files), possible)), files);
    }

    /// <summary>What the download waits for; <see langword="null"/> as long as something of one of its files goes on (<see cref="TransferFigures.IsProceeding"/>).</summary>
    public DownloadWait? Wait
    {
        get
        {
            var waits = _files.SelectMany(file => file.Waits).ToList();

            // A file whose first request waits has no connection yet, so what counts is each file by itself.
            return waits.Count == 0 || _files.Any(file => file.IsProceeding) ? null : waits.MinBy(wait => wait.Until ?? DateTimeOffset.MinValue);
        }
    }

    /// <summary>The figures of a file.</summary>
    public TransferFigures Of(int index) => Volatile.Read(ref _files[index]);

    /// <summary>Adds the figures to the status of the download.</summary>
    public DownloadStatus AddTo(DownloadStatus status)
    {
        bool isRunning = status.State == DownloadState.Running;
        return status with
        {
            BytesDone = Done,
            BytesTotal = Total,
            BytesPerSecond = isRunning ? Speed.BytesPerSecond : 0,
            Connections = Connections,
            Retries = Retries.Count,
            Wait = isRunning ? Wait : null,
            Notes = Notes,
            Files = Files,
        };
    }

    /// <summary>Sets the figures of a file, which may be shared with another download.</summary>
    public void Attach(int index, TransferFigures figures) => Volatile.Write(ref _files[index], figures);

    /// <summary>Notes how a file ended.</summary>
    public void End(int index, TransferOutcome outcome) => Volatile.Write(ref _outcomes[index], outcome);

    private static TransferFigures Begin(TransferSpec spec, FileStatus? complete)
    {
        var (done, size) = complete is not null ? (complete.BytesTotal!.Value, complete.BytesTotal) : KnownFiles.OnDisk(spec, isOurs: false);
        var figures = new TransferFigures();
        figures.SetDone(done);
        figures.SetSize(size);
        return figures;
    }

    /// <summary>Whether an earlier run completed a file, and this one has not begun to load it again.</summary>
    private bool IsStillComplete(int index) => _complete[index] is { } file && Of(index).Done == file.BytesTotal;
}
