using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Records;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Checking;

/// <summary>State and integrity score from what was found; the formula is in <see cref="IntegrityScore"/>.</summary>
internal static class Scoring
{
    /// <summary>The state.</summary>
    /// <param name="reasons">All reasons.</param>
    /// <param name="isUnknown">Whether a file could not be read.</param>
    public static HealthState StateOf(IReadOnlyCollection<HealthReason> reasons, bool isUnknown)
    {
        var errors = reasons.Where(reason => reason.Severity == HealthSeverity.Error).ToList();
        return errors.Any(reason => !IsIncompleteness(reason)) ? HealthState.Damaged
            : errors.Count > 0 ? HealthState.Incomplete
            : isUnknown ? HealthState.Unknown
            : HealthState.Healthy;
    }

    /// <summary>The score.</summary>
    public static IntegrityScore ScoreOf(ModelLocation model, IReadOnlyList<FileRecord> files, IReadOnlySet<string> missing, IReadOnlyCollection<HealthReason> reasons)
    {
        double present = files.Sum(file => (double)file.Stamp.Size);
        double average = files.Count == 0 ? 1 : Math.Max(1, present / files.Count);
        double absent = missing.Sum(path => (double?)model.Files.FirstOrDefault(file => file.Path == path)?.Expected?.SizeBytes ?? average);
        // What a download has brought so far is there, under another name.
        double loaded = model.Files.Where(file => missing.Contains(file.Path) && file.Expected?.SizeBytes is not null).Sum(file => (double)Math.Min(file.LoadedBytes, file.Expected!.SizeBytes!.Value));
        absent += files.Sum(file => (double)Math.Max(0, (ExpectedSizeOf(model, file) ?? 0) - file.Stamp.Size));
        double damaged = files.Where(file => file.IsDamaged).Sum(file => (double)DamageOf(file));
        int examined = files.Count(file => file.IsWellFormed is not null);
        return new(
            reasons.Any(reason => reason.Severity == HealthSeverity.Error) ? 0.5 : 1,
            present + absent > 0 ? (present + loaded) / (present + absent) : 0,
            present > 0 ? Math.Max(0, 1 - (damaged / present)) : 1,
            examined > 0 ? (double)files.Count(file => file.IsWellFormed == true) / examined : 1);
    }

    private static bool IsIncompleteness(HealthReason reason) => reason.Kind is HealthReasonKinds.Missing or HealthReasonKinds.PartialDownload;

    private static long? ExpectedSizeOf(ModelLocation model, FileRecord record) => record.IsDamaged ? model.Files.FirstOrDefault(file => file.Path == record.Path)?.Expected?.SizeBytes : null;

    private static long DamageOf(FileRecord file) => file.Damage.Count > 0 ? Math.Min(file.Stamp.Size, file.Damage.Sum(range => range.Length)) : file.Stamp.Size;
}
