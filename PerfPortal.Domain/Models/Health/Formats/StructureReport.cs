using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>What the examination of one file's structure found, and what other checks need to know of it.</summary>
internal sealed class StructureReport(string file)
{
    /// <summary>The maximum number of reasons of one file; further ones are counted.</summary>
    public const int MaxReasons = 50;

    private readonly List<HealthReason> _reasons = [];

    /// <summary>The format, as people call it; <see langword="null"/> when the structure is not examined.</summary>
    public string? Format { get; set; }

    /// <summary>What was found, in the order of the file.</summary>
    public IReadOnlyList<HealthReason> Reasons => _reasons;

    /// <summary>Whether something found is an error.</summary>
    public bool HasError { get; private set; }

    /// <summary>The hashes of the names of the tensors; empty where nobody needs them.</summary>
    public HashSet<ulong> Tensors { get; } = [];

    /// <summary>Where an index says that tensors are: hashes of their names by file; <see langword="null"/> for other files.</summary>
    public Dictionary<string, HashSet<ulong>>? Index { get; set; }

    /// <summary>Parts of the file with checksums that are too large to be read during the examination, in the order of the file.</summary>
    public List<PartChecksum> Parts { get; } = [];

    /// <summary>Other files that hold parts of this one.</summary>
    public List<ExternalPart> Externals { get; } = [];

    /// <summary>The vocabulary size that a configuration states.</summary>
    public long? VocabularySize { get; set; }

    /// <summary>The largest token id of a tokenizer.</summary>
    public long? LargestTokenId { get; set; }

    /// <summary>Adds a reason; those beyond the limit only count.</summary>
    public void Add(string kind, long? offset, long? length, string sentence, HealthSeverity severity = HealthSeverity.Error)
    {
        HasError |= severity == HealthSeverity.Error;
        if (_reasons.Count < MaxReasons)
        {
            _reasons.Add(new(file, kind, offset, length is > 0 ? length : null, sentence, severity));
        }
    }
}

/// <summary>A part of a file that is kept in another file.</summary>
/// <param name="Path">The other file, relative to this one.</param>
/// <param name="Offset">The first byte there.</param>
/// <param name="Length">The number of bytes; <see langword="null"/> for all up to the end.</param>
internal readonly record struct ExternalPart(string Path, long Offset, long? Length);
