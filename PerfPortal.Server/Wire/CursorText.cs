using System.Buffers.Binary;
using System.Buffers.Text;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Wire;

/// <summary>A page's cursor as text: opaque to clients, bound to the order that it was made for.</summary>
internal static class CursorText
{
    private const int Length = 1 + sizeof(long) + sizeof(long) + 16;

    /// <summary>Writes a cursor.</summary>
    public static string? Write(PageCursor? cursor, OperationOrder order)
    {
        if (cursor is not { } position)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = (byte)order;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], position.SortValue);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], position.Key);
        position.Id.TryWriteBytes(bytes[17..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor that was made for this order.</summary>
    public static bool TryRead(string text, OperationOrder order, out PageCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text.Length > 64 || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out int length) || length != Length || bytes[0] != (byte)order)
        {
            return false;
        }

        cursor = new(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]), new Guid(bytes[17..]));
        return true;
    }
}
