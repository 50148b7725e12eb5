namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>How a field of a protobuf message is encoded (https://protobuf.dev/programming-guides/encoding).</summary>
internal enum WireType
{
    /// <summary>A number of variable length.</summary>
    Number = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length and so many bytes: text, bytes, a message or packed numbers.</summary>
    Bytes = 2,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}

/// <summary>What a field may be.</summary>
/// <param name="Wire">How it is encoded.</param>
/// <param name="Message">The message, if it is one.</param>
/// <param name="IsText">Whether it is a text, and so UTF-8.</param>
/// <param name="IsPackable">Whether a list of it may also be packed into bytes.</param>
internal sealed record FieldKind(WireType Wire, string? Message = null, bool IsText = false, bool IsPackable = false);
