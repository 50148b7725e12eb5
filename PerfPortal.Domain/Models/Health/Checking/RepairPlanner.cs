using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Records;
using PerfPortal.Domain.Models.Health.Results;
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
        var needs = reasons.Where(reason => reason.Severity == HealthSeverity.Error && reason.File.Length > 0 && Manifests.ManifestFile.IsSafe(reason.File))
            .GroupBy(reason => reason.File, StringComparer.Ordinal)
            .Select(group => Need.Of(group.Key, expected.GetValueOrDefault(group.Key), known.GetValueOrDefault(group.Key), group.First()))
            .OrderBy(need => need.Group).ThenBy(need => need.Bytes ?? long.MaxValue).ThenBy(need => need.File, StringComparer.Ordinal)
            .ToList();
        return needs.Count == 0 ? null : new([.. needs.Select((need, i) => need.Step(i + 1))], needs.Sum(need => need.Bytes ?? 0));
    }

    private sealed record Need(string File, int Group, IReadOnlyList<ByteRange> Ranges, long? Bytes, string Why)
    {
        public static Need Of(string path, LocatedFile? file, FileRecord? record, HealthReason reason)
        {
            string name = path[(path.LastIndexOf('/') + 1)..];
            int group = FileKinds.IsIndex(name) ? 0 : FileKinds.IsConfiguration(name) ? 1 : 2;
            var ranges = record?.Damage ?? [];
            long? bytes = ranges.Count > 0 ? ranges.Sum(range => range.Length)
                : file?.Expected?.SizeBytes ?? (file is { IsThere: true } && record is { IsDamaged: true } && reason.Kind != HealthReasonKinds.Truncated ? Math.Max(record.TrustedSize, record.Stamp.Size) : null);
            return new(path, group, ranges, bytes, reason.Sentence);
        }

        public RepairStep Step(int rank)
        {
            string what = Ranges.Count > 0 ? $"Download {Format.Bytes(Bytes)} of '{File}' again" : $"Download '{File}' again";
            string order = Group switch { 0 => "first, because it says what else there must be", 1 => "early, because it is small and nothing loads without it", _ => "smaller downloads first" };
            return new(rank, File, Ranges, Bytes, $"{what} ({order}). {Why}");
        }
    }
}
