using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Records;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Manifests;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Checking;

/// <summary>What to download again, and in which order: see <see cref="RepairAdvice"/>.</summary>
internal static class RepairPlanner
{
    /// <summary>Plans the repair.</summary>
    /// <returns><see langword="null"/> when there is nothing to download.</returns>
    public static RepairAdvice? Plan(ModelLocation model, IReadOnlyList<FileRecord> files, IReadOnlyCollection<HealthReason> reasons)
    {
        var known = files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var expected = model.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var needs = reasons.Where(reason => reason.Severity == HealthSeverity.Error && reason.File.Length > 0 && ManifestFile.IsSafe(reason.File))
            .GroupBy(reason => reason.File, StringComparer.Ordinal)
            .Select(group => Need.Of(group.Key, expected.GetValueOrDefault(group.Key), known.GetValueOrDefault(group.Key), group.First()))
            .OrderBy(need => need.Group).ThenBy(need => need.Bytes ?? long.MaxValue).ThenBy(need => need.File, StringComparer.Ordinal)
            .ToList();
        return needs.Count == 0 ? null : new([.. needs.Select((need, i) => need.Step(i + 1))], needs.Sum(need => need.Bytes ?? 0));
    }

    /// <summary>What a file must be: as published, or else as it was trusted.</summary>
    private static ManifestFile TargetOf(string path, LocatedFile? file, FileRecord? record)
    {
        bool hasTrusted = record is { Sha256: not null, TrustedSize: > 0 };
        bool isPublished = file?.Expected is { Sha256: not null } or { GitSha1: not null };
        return new()
        {
            Path = path,
            SizeBytes = file?.Expected?.SizeBytes ?? (hasTrusted ? record!.TrustedSize : null),
            Sha256 = isPublished ? file!.Expected!.Sha256 : hasTrusted ? record!.Sha256 : null,
            GitSha1 = file?.Expected?.GitSha1,
        };
    }

    /// <summary>The bytes to load, if a hash decides afterwards whether the others were right; empty for the whole file.</summary>
    private static IReadOnlyList<ByteRange> RangesOf(ManifestFile target, LocatedFile? file, FileRecord? record)
    {
        if (record is null || file is not { IsThere: true } || (target.Sha256 ?? target.GitSha1) is null || target.SizeBytes is not { } size)
        {
            return [];
        }

        return record.Damage.Count > 0 ? record.Damage
            : record.IsDamaged && record.Stamp.Size > 0 && record.Stamp.Size < size ? [new(record.Stamp.Size, size - record.Stamp.Size)]
            : [];
    }

    private sealed record Need(ManifestFile Target, int Group, IReadOnlyList<ByteRange> Ranges, long? Bytes, string Why)
    {
        public string File => Target.Path;

        public static Need Of(string path, LocatedFile? file, FileRecord? record, HealthReason reason)
        {
            string name = path[(path.LastIndexOf('/') + 1)..];
            int group = FileKinds.IsIndex(name) ? 0 : FileKinds.IsConfiguration(name) ? 1 : 2;
            var target = TargetOf(path, file, record);
            var ranges = RangesOf(target, file, record);
            long? bytes = ranges.Count > 0 ? ranges.Sum(range => range.Length)
                : target.SizeBytes ?? (file is { IsThere: true } && record is { IsDamaged: true } && reason.Kind != HealthReasonKinds.Truncated ? Math.Max(record.TrustedSize, record.Stamp.Size) : null);
            return new(target, group, ranges, bytes, reason.Sentence);
        }

        public RepairStep Step(int rank)
        {
            string what = Ranges.Count > 0 ? $"Download {Format.Bytes(Bytes)} of '{File}' again" : $"Download '{File}' again";
            string order = Group switch { 0 => " first, because it says what else there must be", 1 => " early, because it is small and nothing loads without it", _ => "" };
            return new(rank, File, Ranges, Bytes, $"{what}{order}. {Why}") { SizeBytes = Target.SizeBytes, Sha256 = Target.Sha256, GitSha1 = Target.GitSha1 };
        }
    }
}
