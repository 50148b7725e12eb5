using PerfPortal.Domain.Models.Fallbacks.Breaking;
using PerfPortal.Domain.Models.Fallbacks.Candidates;

namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>The groups that are followed, by name; bounded, the least recently used is forgotten. Thread-safe.</summary>
internal sealed class GroupBook(BreakerOptions breaker, TimeProvider time, int maxGroups)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, GroupRecord> _records = new(StringComparer.Ordinal);
    private long _uses;

    /// <summary>Returns the record of a group. A group of the same name with other content replaces it.</summary>
    public GroupRecord Open(FallbackGroup group)
    {
        lock (_lock)
        {
            var record = _records.GetValueOrDefault(group.Name);
            if (record is null || !record.Group.Equals(group))
            {
                if (record is null && _records.Count >= maxGroups)
                {
                    _records.Remove(_records.MinBy(kept => kept.Value.UsedAt).Key);
                }

                _records[group.Name] = record = new(group, breaker, time, record);
            }

            record.UsedAt = ++_uses;
            return record;
        }
    }

    public GroupRecord? Find(string name)
    {
        lock (_lock)
        {
            return _records.GetValueOrDefault(name);
        }
    }

    public bool Remove(string name)
    {
        lock (_lock)
        {
            return _records.Remove(name);
        }
    }

    public GroupRecord[] List()
    {
        lock (_lock)
        {
            return [.. _records.Values.OrderBy(record => record.Group.Name, StringComparer.Ordinal)];
        }
    }
}
