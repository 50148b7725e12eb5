using System.Globalization;
using PerfPortal.Domain.Models.Files;
using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Formats;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Checking;

/// <summary>Compares the files of a model with each other: indexes with shards, external data with its references, the vocabulary with the configuration.</summary>
internal sealed class ModelContradictions(ModelLocation model, IReadOnlyDictionary<string, StructureReport> structures, Func<string, FileStamp?> stamps)
{
    private const int MaxReasons = 100;

    private readonly List<HealthReason> _reasons = [];
    private readonly Dictionary<string, LocatedFile> _files = model.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);

    /// <summary>The structures of all files, those that were not examined this time included: headers are small.</summary>
    public static Dictionary<string, StructureReport> Complete(ModelLocation model, IReadOnlyDictionary<string, StructureReport> known, ReadPace pace, CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, StructureReport>(known, StringComparer.Ordinal);
        foreach (var file in model.Files.Where(file => file.IsThere && !all.ContainsKey(file.Path)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                using var handle = FileHasher.Open(file.FullPath);
                all.Add(file.Path, FormatChecks.Run(file.Path, new FileBytes(handle, pace, cancellationToken)));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The check of the file itself says so.
            }
        }

        return all;
    }

    /// <summary>Compares.</summary>
    public IReadOnlyList<HealthReason> Find()
    {
        foreach (var (path, structure) in structures)
        {
            string folder = path[..(path.LastIndexOf('/') + 1)];
            foreach (var (shard, tensors) in structure.Index ?? [])
            {
                CompareShard(path, folder + shard, tensors);
            }

            foreach (var part in structure.Externals.GroupBy(external => external.Path))
            {
                CompareExternal(path, folder + part.Key, [.. part]);
            }
        }

        CompareVocabulary();
        return _reasons;
    }

    private void CompareShard(string index, string shard, HashSet<ulong> tensors)
    {
        if (!_files.TryGetValue(shard, out var file) || !file.IsThere)
        {
            Add(new(shard, HealthReasonKinds.Missing, null, null, $"{AbsenceOf(shard)}; according to '{index}' it has {Format.Count(tensors.Count)} tensors.", HealthSeverity.Error));
            return;
        }

        if (!structures.TryGetValue(shard, out var structure) || structure.HasError || structure.Format != "safetensors")
        {
            return;
        }

        int missing = tensors.Count(tensor => !structure.Tensors.Contains(tensor));
        int other = structure.Tensors.Count(tensor => !tensors.Contains(tensor));
        if (missing > 0)
        {
            Add(new(
                shard, HealthReasonKinds.Contradiction, null, null,
                string.Create(CultureInfo.InvariantCulture, $"{missing:N0} of the {tensors.Count:N0} tensors that '{index}' puts into this file are not in it."), HealthSeverity.Error));
        }
        else if (other > 0)
        {
            Add(new(
                shard, HealthReasonKinds.Contradiction, null, null,
                string.Create(CultureInfo.InvariantCulture, $"{other:N0} tensors of this file are not in '{index}'."), HealthSeverity.Warning));
        }
    }

    private void CompareExternal(string model, string path, IReadOnlyList<ExternalPart> parts)
    {
        if (!_files.TryGetValue(path, out var file) || !file.IsThere || stamps(file.FullPath) is not { } stamp)
        {
            Add(new(path, HealthReasonKinds.Missing, null, null, $"{AbsenceOf(path)}; '{model}' keeps {Format.Count(parts.Count)} tensors in it.", HealthSeverity.Error));
            return;
        }

        var outside = parts.Where(part => part.Offset > stamp.Size || (part.Length ?? 0) > stamp.Size - part.Offset).ToList();
        if (outside.Count > 0)
        {
            Add(new(
                path, HealthReasonKinds.Truncated, stamp.Size, outside.Max(part => part.Offset + (part.Length ?? 0)) - stamp.Size,
                string.Create(CultureInfo.InvariantCulture, $"{outside.Count:N0} of the {parts.Count:N0} tensors that '{model}' keeps in this file lie beyond its end at byte {stamp.Size:N0}."), HealthSeverity.Error));
        }
    }

    private void CompareVocabulary()
    {
        if (structures.GetValueOrDefault("config.json")?.VocabularySize is { } size && structures.GetValueOrDefault("tokenizer.json")?.LargestTokenId is { } id && id >= size)
        {
            Add(new(
                "tokenizer.json", HealthReasonKinds.Contradiction, null, null,
                string.Create(CultureInfo.InvariantCulture, $"The tokenizer has the token {id:N0}, and the configuration says that the vocabulary has {size:N0}."), HealthSeverity.Warning));
        }
    }

    private string AbsenceOf(string path) => RegularFile.Refuse(_files.GetValueOrDefault(path)?.Kind ?? EntryKind.Missing) ?? "The file is missing";

    private void Add(HealthReason reason)
    {
        if (_reasons.Count < MaxReasons)
        {
            _reasons.Add(reason);
        }
    }
}
