namespace PerfPortal.Domain.Models.Fallbacks.Candidates;

/// <summary>A wanted model and what can take its place; immutable. Two groups with the same content are equal.</summary>
public sealed class FallbackGroup : IEquatable<FallbackGroup>
{
    private readonly int _hash;

    /// <summary>Creates a group.</summary>
    /// <param name="name">The name, at most <see cref="CandidateLimits.NameCharacters"/> characters: the name of its operations.</param>
    /// <param name="wanted">The model that is wanted.</param>
    /// <param name="candidates">What can take its place, 1–<see cref="CandidateLimits.Candidates"/>, with different names.</param>
    /// <exception cref="ArgumentException">A value is outside its limits, or a name occurs twice.</exception>
    public FallbackGroup(string name, ModelCandidate wanted, IReadOnlyList<ModelCandidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(candidates);
        Reject(CandidateLimits.CheckName("The name of the group", name), nameof(name));
        Reject(candidates.Count is < 1 or > CandidateLimits.Candidates ? $"A group must have from 1 to {CandidateLimits.Candidates} candidates." : null, nameof(candidates));
        Name = name;
        Wanted = wanted;
        Candidates = [.. candidates];
        Models = [wanted, .. candidates];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var hash = new HashCode();
        hash.Add(name, StringComparer.Ordinal);
        foreach (var model in Models)
        {
            Reject(model is null ? "A candidate is missing." : null, nameof(candidates));
            Reject(CandidateLimits.Check(model!) is { } reason ? $"{model!.Name}: {reason}" : null, nameof(candidates));
            Reject(names.Add(model!.Name) ? null : $"The name {model.Name} occurs twice in the group.", nameof(candidates));
            hash.Add(model);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The model that is wanted.</summary>
    public ModelCandidate Wanted { get; }

    /// <summary>What can take its place.</summary>
    public IReadOnlyList<ModelCandidate> Candidates { get; }

    /// <summary>The wanted model, then the candidates.</summary>
    internal ModelCandidate[] Models { get; }

    /// <inheritdoc/>
    public bool Equals(FallbackGroup? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && Name == other.Name && Models.AsSpan().SequenceEqual(other.Models));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FallbackGroup);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    private static void Reject(string? reason, string parameter)
    {
        if (reason is not null)
        {
            throw new ArgumentException(reason, parameter);
        }
    }
}
