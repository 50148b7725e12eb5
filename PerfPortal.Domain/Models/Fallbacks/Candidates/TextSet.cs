using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PerfPortal.Domain.Models.Fallbacks.Candidates;

/// <summary>
/// A set of texts that is equal to another one with the same texts, whatever their order and case; immutable. Written as a collection
/// expression: <c>AllowedLicences = ["apache-2.0", "mit"]</c>.
/// </summary>
[CollectionBuilder(typeof(TextSet), nameof(Of))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "It is a set; the suffix is for the interface of .NET.")]
public sealed class TextSet : IReadOnlyCollection<string>, IEquatable<TextSet>
{
    private static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    private readonly string[] _texts;
    private readonly int _hash;

    private TextSet(string[] texts)
    {
        _texts = texts;
        var hash = new HashCode();
        foreach (string text in texts)
        {
            hash.Add(text, Comparer);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>No texts.</summary>
    public static TextSet Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _texts.Length;

    /// <summary>Creates a set; blank texts are left out.</summary>
    public static TextSet Of(ReadOnlySpan<string> texts)
    {
        var sorted = new SortedSet<string>(Comparer);
        foreach (string text in texts)
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                sorted.Add(text.Trim());
            }
        }

        return sorted.Count == 0 ? Empty : new([.. sorted]);
    }

    /// <summary>Whether the set contains a text, in any case.</summary>
    public bool Contains(string text) => Array.BinarySearch(_texts, text, Comparer) >= 0;

    /// <summary>Returns the texts of this set that the other one does not contain.</summary>
    public IEnumerable<string> Without(TextSet other) => _texts.Where(text => !other.Contains(text));

    /// <inheritdoc/>
    public bool Equals(TextSet? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _texts.AsSpan().SequenceEqual(other._texts, Comparer));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TextSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The texts, separated by commas.</summary>
    public override string ToString() => string.Join(", ", _texts);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_texts).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _texts.GetEnumerator();
}
