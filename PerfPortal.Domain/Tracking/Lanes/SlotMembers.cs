using System.Runtime.CompilerServices;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>The metadata members stored inline in a slot.</summary>
[InlineArray(Count)]
internal struct SlotMembers
{
    public const int Count = 8;

    private KeyValuePair<string, MetadataValue> _first;
}
