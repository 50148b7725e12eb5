using System.Security.Cryptography;
using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Records;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Checking;

/// <summary>
/// Checks a model. A full check reads every byte. A sampled one compares the stamps of all files, reads those whole that look changed, and of the others the blocks whose turn it is; one wrong
/// block, and the file is read whole to find all of them.
/// </summary>
internal sealed class ModelChecker(TimeProvider time, Func<string, FileStamp?> stamps)
{
    private readonly WholeFileCheck _whole = new(time, stamps);

    /// <summary>Checks.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is known that was not known before.</exception>
    public async Task<CheckOutcome> RunAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        ulong key = request.Before?.Key ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        long check = request.Before?.Checks ?? 0;
        var known = (request.Before?.Files ?? []).ToDictionary(record => record.Path, StringComparer.Ordinal);
        var plans = request.Model.Files.Where(file => file.IsThere).Select(file => PlanOf(file, known.GetValueOrDefault(file.Path), request, key, check)).ToList();
        var reading = new Tally(request.OnProgress, plans.Sum(plan => plan.Bytes));
        List<FileVerdict> verdicts = [];
        bool trustChanged = request.Blocks is null || request.Before is { IsUnfinished: true };
        long unkept = 0;
        foreach (var plan in plans)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (unkept >= request.CheckpointBytes)
            {
                (unkept, trustChanged) = (0, true);
                Keep(request, key, check, [.. verdicts, .. Known(plans.Skip(verdicts.Count))]);
            }

            var verdict = await RunAsync(plan, request, reading, cancellationToken).ConfigureAwait(false);
            unkept += verdict.Structure is null ? 0 : verdict.Record.Stamp.Size;
            trustChanged |= verdict.Structure is not null || verdict.Record.Blocks != verdict.Trusted.Length;
            verdicts.Add(verdict);
        }

        trustChanged |= known.Count != verdicts.Count;
        var blocks = Pack(verdicts, out var files);
        var found = trustChanged || request.Before is null ? Compare(request, verdicts, cancellationToken) : request.Before.Reasons;
        return Conclude(request, key, check, verdicts, files, found, reading.Done, trustChanged ? blocks : null);
    }

    /// <summary>What is known of files that are not read yet.</summary>
    private static IEnumerable<FileVerdict> Known(IEnumerable<Plan> plans) =>
        plans.Where(plan => plan.Before is not null).Select(plan => new FileVerdict(plan.Before!, plan.Trusted, null));

    /// <summary>Passes on what is known so far, so that a check that is killed need not read the same files again.</summary>
    private static void Keep(CheckRequest request, ulong key, long check, List<FileVerdict> verdicts)
    {
        var blocks = Pack(verdicts, out var files);
        var record = request.Before ?? new ModelRecord
        {
            Health = new() { Name = request.Model.Name, Directory = request.Model.Directory, Files = request.Model.Files.Count(file => file.IsThere) },
        };
        request.OnCheckpoint?.Invoke(record with { Key = key, Checks = check, Files = files, IsUnfinished = true }, blocks);
    }

    private Plan PlanOf(LocatedFile file, FileRecord? before, CheckRequest request, ulong key, long check)
    {
        var trusted = before is null || request.Blocks is null ? [] : request.Blocks.AsSpan(before.FirstBlock, before.Blocks).ToArray();
        var stamp = StampOf(file);
        bool isKnown = before is not null && stamp is not null && before.Stamp == stamp && (before.IsDamaged || trusted.Length == BlockHashes.Count(before.TrustedSize));
        if (request.IsFull || !isKnown || !AsExpected(before!, file))
        {
            return new(file, before, trusted, null, stamp?.Size ?? 0);
        }

        // What is known to be damaged stays so until the file changes.
        int[] blocks = before!.IsDamaged ? [] : SampledFileCheck.BlocksOf(before, key, check, request.Rotation);
        return new(file, before, trusted, blocks, (long)blocks.Length * BlockHashes.BlockSize);
    }

    // A manifest that came later, or changed, is compared at once.
    private static bool AsExpected(FileRecord before, LocatedFile file) =>
        before.IsDamaged || ((file.Expected?.Sha256 is not { } sha256 || sha256 == before.Sha256) && (file.Expected?.SizeBytes is not { } size || size == before.TrustedSize));

    private FileStamp? StampOf(LocatedFile file)
    {
        try
        {
            return stamps(file.FullPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private async Task<FileVerdict> RunAsync(Plan plan, CheckRequest request, Tally reading, CancellationToken cancellationToken)
    {
        if (plan.Sample is { } sample)
        {
            if (await SampledFileCheck.RunAsync(plan.File, plan.Trusted, sample, request.Pace, reading.OnRead, cancellationToken).ConfigureAwait(false))
            {
                // That a file was replaced is told once.
                var reasons = plan.Before!.Reasons.Where(reason => reason.Kind != HealthReasonKinds.Changed).ToList();
                return new(plan.Before with { Reasons = reasons }, plan.Trusted, null);
            }

            reading.Expect(plan.Before!.Stamp.Size);
        }

        return await _whole.RunAsync(plan.File, plan.Before, plan.Trusted, request.Pace, reading.OnRead, cancellationToken).ConfigureAwait(false);
    }

    private IReadOnlyList<HealthReason> Compare(CheckRequest request, List<FileVerdict> verdicts, CancellationToken cancellationToken)
    {
        var structures = verdicts.Where(verdict => verdict.Structure is not null).ToDictionary(verdict => verdict.Record.Path, verdict => verdict.Structure!, StringComparer.Ordinal);
        return new ModelContradictions(request.Model, ModelContradictions.Complete(request.Model, structures, request.Pace, cancellationToken), stamps).Find();
    }

    private static UInt128[] Pack(List<FileVerdict> verdicts, out List<FileRecord> files)
    {
        files = [];
        var blocks = new UInt128[verdicts.Sum(verdict => verdict.Trusted.Length)];
        int next = 0;
        foreach (var verdict in verdicts)
        {
            verdict.Trusted.CopyTo(blocks, next);
            files.Add(verdict.Record with { FirstBlock = next, Blocks = verdict.Trusted.Length });
            next += verdict.Trusted.Length;
        }

        return blocks;
    }

    private CheckOutcome Conclude(
        CheckRequest request, ulong key, long check, List<FileVerdict> verdicts, List<FileRecord> files, IReadOnlyList<HealthReason> found, long bytes, UInt128[]? blocks)
    {
        var model = request.Model;
        List<HealthReason> reasons = [.. model.Reasons, .. MissingOf(model, found), .. found, .. files.SelectMany(file => file.Reasons)];
        reasons = [.. reasons.OrderByDescending(reason => reason.Severity)];
        var missing = reasons
            .Where(reason => reason is { Kind: HealthReasonKinds.Missing or HealthReasonKinds.PartialDownload, Severity: HealthSeverity.Error, File.Length: > 0 } && files.All(file => file.Path != reason.File))
            .Select(reason => reason.File).ToHashSet(StringComparer.Ordinal);
        var now = time.GetUtcNow();
        // Also when only files that are new were there to read.
        bool isFull = request.IsFull || verdicts.TrueForAll(verdict => verdict.Structure is not null);
        bool isUnknown = verdicts.Any(verdict => verdict.IsUnknown) || model.Files.Count == 0;
        var state = Scoring.StateOf(reasons, isUnknown);
        var health = new ModelHealth
        {
            Name = model.Name,
            Directory = model.Directory,
            SizeBytes = files.Sum(file => file.Stamp.Size),
            Files = files.Count,
            FilesMissing = missing.Count,
            State = state,
            IntegrityScore = state == HealthState.Unknown ? null : Scoring.ScoreOf(model, files, missing, reasons),
            Reasons = [.. reasons.Take(ModelHealth.MaxReasons)],
            ReasonsLeftOut = Math.Max(0, reasons.Count - ModelHealth.MaxReasons),
            LastCheckedAt = now,
            LastFullCheckAt = isFull && verdicts.Count > 0 ? now : request.Before?.Health.LastFullCheckAt,
            LastCheck = isFull ? HealthCheckKind.Full : HealthCheckKind.Sampled,
            BytesChecked = bytes,
            FoundWithinChecks = request.Rotation,
            Repair = RepairPlanner.Plan(model, files, reasons),
        };
        var record = new ModelRecord
        {
            Health = health,
            Key = key,
            Checks = check + 1,
            SinceFull = isFull ? 0 : (request.Before?.SinceFull ?? 0) + 1,
            BlockFile = request.Before?.BlockFile ?? 0,
            Use = request.Before?.Use ?? default,
            Files = files,
            Reasons = found,
        };
        return new(record, blocks, state == HealthState.Damaged ? true : isUnknown ? null : false, files.Count);
    }

    private static IEnumerable<HealthReason> MissingOf(ModelLocation model, IReadOnlyList<HealthReason> found) =>
        model.Files.Where(file => !file.IsThere && !found.Concat(model.Reasons).Any(reason => (reason.Kind is HealthReasonKinds.Missing or HealthReasonKinds.PartialDownload) && reason.File == file.Path))
            .Select(file => file.Absence());

    private sealed record Plan(LocatedFile File, FileRecord? Before, UInt128[] Trusted, int[]? Sample, long Bytes);

    /// <summary>Counts what was read.</summary>
    private sealed class Tally(Action<long, long> onProgress, long total)
    {
        private long _total = total;

        public long Done { get; private set; }

        public void Expect(long bytes) => _total += bytes;

        public void OnRead(long bytes)
        {
            Done += bytes;
            onProgress(Done, Math.Max(Done, _total));
        }
    }
}
