using System.Text;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Journal;

/// <summary>How many names and sources there may be.</summary>
/// <param name="Names">Operation names at most.</param>
/// <param name="Sources">Sources at most.</param>
public sealed record NameLimits(int Names, int Sources);

/// <summary>How the places for names and sources are used.</summary>
/// <param name="Names">Operation names that have a place.</param>
/// <param name="MaxNames">Places for operation names.</param>
/// <param name="OtherNames">Operations since the start that are kept under <see cref="NameBounds.OtherNames"/>.</param>
/// <param name="Sources">Sources that have a place.</param>
/// <param name="MaxSources">Places for sources.</param>
/// <param name="OtherSources">Operations since the start that are kept under <see cref="NameBounds.OtherSources"/>.</param>
public sealed record NameStatus(int Names, int MaxNames, long OtherNames, int Sources, int MaxSources, long OtherSources)
{
    /// <summary>What to do about names or sources that found no place, or <see langword="null"/> when all did.</summary>
    public string? Advice => (OtherNames > 0, OtherSources > 0) switch
    {
        (false, false) => null,
        (true, false) => Say("operation names", NameBounds.OtherNames, "operation_name", "MaxOperationNames"),
        (false, true) => Say("sources", NameBounds.OtherSources, "source", "MaxSources"),
        _ => Say("operation names", NameBounds.OtherNames, "operation_name", "MaxOperationNames") + " " + Say("sources", NameBounds.OtherSources, "source", "MaxSources"),
    };

    private static string Say(string what, string under, string member, string setting) =>
        $"There were more {what} than have a place; further ones are kept under {under}, each with its own in the metadata member {member}. "
        + $"Names should not hold ids, times or paths: put those into the metadata. If all of them are wanted, raise {setting}.";
}

/// <summary>
/// Bounds the number of operation names and sources, on which memory, rollups and pages depend. The first ones that come have a place;
/// beyond the bound an operation is kept under <see cref="OtherNames"/> or <see cref="OtherSources"/>, and its own name stays readable in its
/// metadata. It still counts once, in its type and with its outcome. The portal's own operations always have a place. Safe for use by many threads.
/// </summary>
public sealed class NameBounds(NameLimits limits)
{
    /// <summary>The name of operations whose own name found no place.</summary>
    public const string OtherNames = "(other names)";

    /// <summary>The source of operations whose own source found no place.</summary>
    public const string OtherSources = "(other sources)";

    private const string NameMember = "operation_name";
    private const string SourceMember = "source";

    private readonly Lock _lock = new();
    private HashSet<string> _names = new(StringComparer.Ordinal);
    private HashSet<string> _sources = new(StringComparer.Ordinal);
    private long _otherNames;
    private long _otherSources;

    /// <summary>How the places are used.</summary>
    public NameStatus Status
    {
        get
        {
            lock (_lock)
            {
                return new(_names.Count, limits.Names, _otherNames, _sources.Count, limits.Sources, _otherSources);
            }
        }
    }

    /// <summary>
    /// Gives places to what the store holds, and takes all others back: at the start, and when retention has removed the last operation of
    /// many names. What is stored has a place even beyond the bound, as after the bound was lowered.
    /// </summary>
    public void Load(IEnumerable<string> names, IEnumerable<string> sources)
    {
        HashSet<string> knownNames = [.. names];
        HashSet<string> knownSources = [.. sources];
        knownNames.Remove(OtherNames);
        knownSources.Remove(OtherSources);
        lock (_lock)
        {
            (_names, _sources) = (knownNames, knownSources);
        }
    }

    /// <summary>The entries as they are to be stored: the same list when every name has a place, else a copy with the others renamed.</summary>
    public IReadOnlyList<JournalEntry> Admit(IReadOnlyList<JournalEntry> entries)
    {
        JournalEntry[]? changed = null;
        lock (_lock)
        {
            for (int i = 0; i < entries.Count; i++)
            {
                var entry = entries[i];
                var admitted = entry switch
                {
                    OperationEnded { Operation: var operation } when Admit(operation) is var kept && !ReferenceEquals(kept, operation) => new OperationEnded(kept),
                    OperationRunning { Operation: var operation } when Admit(operation) is var kept && !ReferenceEquals(kept, operation) => new OperationRunning(kept),
                    _ => entry,
                };
                if (!ReferenceEquals(admitted, entry))
                {
                    (changed ??= [.. entries])[i] = admitted;
                }
            }
        }

        return changed ?? entries;
    }

    private Operation Admit(Operation operation)
    {
        if (operation.Source == PortalSource.Name)
        {
            return operation;
        }

        bool hasName = HasPlace(_names, operation.Name, limits.Names, OtherNames);
        bool hasSource = HasPlace(_sources, operation.Source, limits.Sources, OtherSources);
        if (hasName && hasSource)
        {
            return operation;
        }

        var metadata = operation.Metadata;
        if (!hasName)
        {
            _otherNames++;
            metadata = Keep(metadata, NameMember, operation.Name);
        }

        if (!hasSource)
        {
            _otherSources++;
            metadata = Keep(metadata, SourceMember, operation.Source);
        }

        return operation with { Name = hasName ? operation.Name : OtherNames, Source = hasSource ? operation.Source : OtherSources, Metadata = metadata };
    }

    private static bool HasPlace(HashSet<string> places, string name, int max, string other) =>
        places.Contains(name) || name == other || (places.Count < max && places.Add(name));

    /// <summary>A member of the reporter's own, or the bounds of metadata, go before.</summary>
    private static Metadata Keep(Metadata metadata, string member, string text)
    {
        if (metadata.Count >= OperationLimits.MetadataMembers || metadata.TryGet(member, out _))
        {
            return metadata;
        }

        var with = metadata.With([new(member, MetadataValue.From(text))]);
        return JsonBytes(with) <= OperationLimits.MetadataBytes ? with : metadata;
    }

    private static int JsonBytes(Metadata metadata)
    {
        int bytes = 2;
        foreach (var (name, value) in metadata)
        {
            bytes += JsonBytes(name) + 2 + (value.Kind == MetadataKind.Text ? JsonBytes(value.Text!) : Encoding.UTF8.GetByteCount(value.ToString()));
        }

        return bytes;
    }

    private static int JsonBytes(string text)
    {
        int bytes = 2 + Encoding.UTF8.GetByteCount(text);
        foreach (char letter in text)
        {
            bytes += letter is '"' or '\\' ? 1 : letter < ' ' ? 5 : 0;
        }

        return bytes;
    }
}
