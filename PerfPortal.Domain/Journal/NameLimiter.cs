using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Journal;

/// <summary>Limits for the number of operation names and sources.</summary>
/// <param name="Names">The maximum number of operation names.</param>
/// <param name="Sources">The maximum number of sources.</param>
public sealed record NameLimits(int Names, int Sources);

/// <summary>The usage of the limits for operation names and sources.</summary>
/// <param name="Names">The number of known operation names.</param>
/// <param name="MaxNames">The maximum number of operation names.</param>
/// <param name="OtherNames">Operations stored as <see cref="NameLimiter.OtherNames"/> since startup.</param>
/// <param name="Sources">The number of known sources.</param>
/// <param name="MaxSources">The maximum number of sources.</param>
/// <param name="OtherSources">Operations stored as <see cref="NameLimiter.OtherSources"/> since startup.</param>
public sealed record NameStatus(int Names, int MaxNames, long OtherNames, int Sources, int MaxSources, long OtherSources)
{
    /// <summary>Advice when names or sources exceeded a limit, or <see langword="null"/> when none did.</summary>
    public string? Advice => (OtherNames > 0, OtherSources > 0) switch
    {
        (false, false) => null,
        (true, false) => Say("operation names", NameLimiter.OtherNames, "operation_name", "MaxOperationNames"),
        (false, true) => Say("sources", NameLimiter.OtherSources, "source", "MaxSources"),
        _ => Say("operation names", NameLimiter.OtherNames, "operation_name", "MaxOperationNames") + " " + Say("sources", NameLimiter.OtherSources, "source", "MaxSources"),
    };

    private static string Say(string what, string under, string member, string setting) =>
        $"The limit for {what} is reached. Operations with further {what} are stored as {under}, with the original in the metadata member {member}. "
        + $"Do not put IDs, times or paths into {what}; put them into the metadata. To keep all of them, raise {setting}.";
}

/// <summary>
/// Limits the number of operation names and sources, which determines memory use and the size of rollups and pages. Names are admitted first come, first served;
/// beyond the limit an operation is stored as <see cref="OtherNames"/> or <see cref="OtherSources"/>, with the original name in its
/// metadata. It still counts once, in its type and with its outcome. The portal's own operations are exempt. Thread-safe.
/// </summary>
public sealed class NameLimiter(NameLimits limits)
{
    /// <summary>The name of operations whose own name exceeded the limit.</summary>
    public const string OtherNames = "(other names)";

    /// <summary>The source of operations whose own source exceeded the limit.</summary>
    public const string OtherSources = "(other sources)";

    /// <summary>The metadata member that keeps the original name.</summary>
    public const string NameMember = "operation_name";

    private const string SourceMember = "source";

    private readonly Lock _lock = new();
    private HashSet<string> _names = new(StringComparer.Ordinal);
    private HashSet<string> _sources = new(StringComparer.Ordinal);
    private long _otherNames;
    private long _otherSources;

    /// <summary>The usage of the limits.</summary>
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
    /// Replaces the known names and sources by those in the store: at startup, and after retention deleted the last operation of
    /// some names. Stored names stay known even beyond the limit, for example after the limit was lowered.
    /// </summary>
    public void Load(IEnumerable<string> names, IEnumerable<string> sources)
    {
        HashSet<string> knownNames = [.. names];
        HashSet<string> knownSources = [.. sources];
        knownNames.Remove(OtherNames);
        knownSources.RemoveWhere(source => source == OtherSources || RemovedSource.Is(source));
        lock (_lock)
        {
            (_names, _sources) = (knownNames, knownSources);
        }
    }

    /// <summary>Frees the place of a removed source.</summary>
    public void ForgetSource(string source)
    {
        lock (_lock)
        {
            _sources.Remove(source);
        }
    }

    /// <summary>Frees the places of names that nothing stored carries any more.</summary>
    public void ForgetNames(IEnumerable<string> names)
    {
        lock (_lock)
        {
            _names.ExceptWith(names);
        }
    }

    /// <summary>Returns the entries to store: the same list when every name is within the limits, otherwise a copy with the others renamed.</summary>
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

    /// <summary>Adds the original name to the metadata, unless the report uses that member itself or the metadata would exceed its limits.</summary>
    private static Metadata Keep(Metadata metadata, string member, string text)
    {
        if (metadata.Count >= OperationLimits.MetadataMembers || metadata.TryGet(member, out _))
        {
            return metadata;
        }

        var with = metadata.With([new(member, MetadataValue.From(text))]);
        return MetadataSize.Check(with) is null ? with : metadata;
    }
}
