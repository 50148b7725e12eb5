using System.Runtime.CompilerServices;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Metadata as it is held: a whole number above 2^53 cannot be had from <see cref="MetadataValue.Numeric"/>, and going through
/// JSON or the public ways of making metadata would cost more than all the rest of a block.
/// </summary>
internal static class OperationParts
{
    /// <summary>The members, in their order; not to be changed.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_members")]
    public static extern ref KeyValuePair<string, MetadataValue>[] Members(Metadata metadata);

    /// <summary>Metadata of members that have different names and are no nulls.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern Metadata Metadata(KeyValuePair<string, MetadataValue>[] members);

    /// <summary>The value's 64 bits: 0 or 1, the whole number, or the bits of the double.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_bits")]
    public static extern ref long Bits(ref MetadataValue value);

    /// <summary>A value of its parts.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern MetadataValue Value(MetadataKind kind, long bits, string? text);
}
