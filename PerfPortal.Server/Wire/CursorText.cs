using System.Buffers.Binary;
using System.Buffers.Text;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Wire;

/// <summary>Encodes page cursors as text. A cursor is opaque to clients and valid only for the sort order that it was created for.</summary>
internal static class CursorText
{
    private const int Length = 1 + sizeof(long) + sizeof(long) + 16;

    /// <summary>Encodes a cursor.</summary>
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

    /// <summary>Decodes a cursor; returns <see langword="false"/> when it was created for another order.</summary>
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
