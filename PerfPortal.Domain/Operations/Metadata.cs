using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace PerfPortal.Domain.Operations;

/// <summary>
/// The custom members of an operation, in the order they were reported; immutable. Lookups are linear because operations typically
/// have few members. Limited by <see cref="OperationLimits.MetadataMembers"/> when reports are accepted.
/// </summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "Metadata is the term of the contract.")]
public sealed class Metadata : IReadOnlyCollection<KeyValuePair<string, MetadataValue>>
{
    private readonly KeyValuePair<string, MetadataValue>[] _members;

    private Metadata(KeyValuePair<string, MetadataValue>[] members) => _members = members;

    /// <summary>No members.</summary>
    public static Metadata Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _members.Length;

    /// <summary>The value of the member with this name, or a null value.</summary>
    public MetadataValue this[string name] => TryGet(name, out var value) ? value : default;

    /// <summary>Creates metadata from members; the last of several members with the same name wins.</summary>
    public static Metadata Of(IEnumerable<KeyValuePair<string, MetadataValue>> members) => Empty.With(members);

    /// <summary>Creates metadata by applying changes in order: the last of several with the same name wins, and a null removes the member.</summary>
    public static Metadata Of(ReadOnlySpan<KeyValuePair<string, MetadataValue>> changes)
    {
        var members = new KeyValuePair<string, MetadataValue>[changes.Length];
        int count = 0;
        foreach (var change in changes)
        {
            int index = 0;
            while (index < count && members[index].Key != change.Key)
            {
                index++;
            }

            if (change.Value.Kind != MetadataKind.Null)
            {
                members[index] = change;
                count = Math.Max(count, index + 1);
            }
            else if (index < count)
            {
                Array.Copy(members, index + 1, members, index, --count - index);
            }
        }

        return count == 0 ? Empty : new(count == members.Length ? members : members[..count]);
    }

    /// <summary>Creates metadata from members without checking them; the caller guarantees distinct names and non-null values.</summary>
    public static Metadata OfDistinct(ReadOnlySpan<KeyValuePair<string, MetadataValue>> members) => members.IsEmpty ? Empty : new(members.ToArray());

    /// <summary>The members in order.</summary>
    public ReadOnlySpan<KeyValuePair<string, MetadataValue>> Members => _members;

    /// <summary>Finds a member.</summary>
    public bool TryGet(string name, out MetadataValue value)
    {
        foreach (var member in _members)
        {
            if (member.Key == name)
            {
                value = member.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Returns a copy with changes applied; a null value removes the member (RFC 7396).</summary>
    public Metadata With(IEnumerable<KeyValuePair<string, MetadataValue>> changes)
    {
        var members = new List<KeyValuePair<string, MetadataValue>>(_members);
        foreach (var change in changes)
        {
            int index = members.FindIndex(member => member.Key == change.Key);
            if (index >= 0 && change.Value.Kind == MetadataKind.Null)
            {
                members.RemoveAt(index);
            }
            else if (index >= 0)
            {
                members[index] = change;
            }
            else if (change.Value.Kind != MetadataKind.Null)
            {
                members.Add(change);
            }
        }

        return members.Count == 0 ? Empty : new([.. members]);
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, MetadataValue>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, MetadataValue>>)_members).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _members.GetEnumerator();
}
