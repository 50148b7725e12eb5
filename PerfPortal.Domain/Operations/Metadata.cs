using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace PerfPortal.Domain.Operations;

/// <summary>
/// The free members of an operation, in the order in which they came; immutable. A few members are the rule, so a
/// look-up walks them. Bounded by <see cref="OperationLimits.MetadataMembers"/> where reports enter.
/// </summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "Metadata is the contract's word.")]
public sealed class Metadata : IReadOnlyCollection<KeyValuePair<string, MetadataValue>>
{
    private readonly KeyValuePair<string, MetadataValue>[] _members;

    private Metadata(KeyValuePair<string, MetadataValue>[] members) => _members = members;

    /// <summary>No members.</summary>
    public static Metadata Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _members.Length;

    /// <summary>The member of this name, or null.</summary>
    public MetadataValue this[string name] => TryGet(name, out var value) ? value : default;

    /// <summary>Makes metadata of members; of several with one name the last stands.</summary>
    public static Metadata Of(IEnumerable<KeyValuePair<string, MetadataValue>> members) => Empty.With(members);

    /// <summary>Makes metadata of changes to none, in their order: of several with one name the last stands, and a null takes it away.</summary>
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

    /// <summary>Makes metadata of members that the caller knows to have different names and values other than null; they are copied as they are.</summary>
    public static Metadata OfDistinct(ReadOnlySpan<KeyValuePair<string, MetadataValue>> members) => members.IsEmpty ? Empty : new(members.ToArray());

    /// <summary>The members, in their order.</summary>
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

    /// <summary>These members with others laid over them; a null value takes the member away (RFC 7396).</summary>
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
