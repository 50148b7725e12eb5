using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>State that only few in-process operations need: progress, additional metadata members, a claim.</summary>
internal sealed class SlotExtras
{
    private const int MaxItems = OperationLimits.MetadataMembers - SlotMembers.Count;

    private KeyValuePair<string, MetadataValue>[] _members = [];
    private int _count;
    private ProgressRate? _rate;

    public Progress? Progress { get; private set; }

    public DateTimeOffset? ReportedAt { get; private set; }

    public ProgressPace Pace => _rate?.Pace ?? default;

    /// <summary>Completes when the claim is released.</summary>
    public TaskCompletionSource? Settling { get; set; }

    /// <summary>The members beyond those in the slot. A reader can observe it during a change and then retries.</summary>
    public ReadOnlySpan<KeyValuePair<string, MetadataValue>> Members
    {
        get
        {
            var members = _members;
            return members.AsSpan(0, Math.Min(_count, members.Length));
        }
    }

    public void Report(Progress? progress, DateTimeOffset at)
    {
        ReportedAt = at;
        if (progress?.After(Progress) is { } reported)
        {
            Progress = reported;
            (_rate ??= new()).Report(reported.Done, at, reported.Unit);
        }
    }

    public void Expect(UsualPace usual) => (_rate ??= new()).Expect(usual);

    /// <summary>Sets an additional member.</summary>
    /// <returns><see langword="false"/> when the limit is reached.</returns>
    public bool Set(in KeyValuePair<string, MetadataValue> member)
    {
        int index = 0;
        while (index < _count && _members[index].Key != member.Key)
        {
            index++;
        }

        if (index == _count)
        {
            if (_count == MaxItems)
            {
                return false;
            }

            if (_count == _members.Length)
            {
                Array.Resize(ref _members, Math.Min(MaxItems, Math.Max(8, _count * 2)));
            }

            _count++;
        }

        _members[index] = member;
        return true;
    }
}
