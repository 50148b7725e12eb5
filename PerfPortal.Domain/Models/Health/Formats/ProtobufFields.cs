using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>Reads the parts of protobuf fields that every message has, within the ends of nested messages.</summary>
internal sealed class ProtobufFields(ByteCursor cursor)
{
    /// <summary>Goes over the bytes of a field that begins at a byte, in a message that ends at another.</summary>
    public void Skip(ulong count, long at, long end)
    {
        if (count > (ulong)(end - cursor.Position))
        {
            throw new MalformedException(
                end == cursor.End ? HealthReasonKinds.Truncated : HealthReasonKinds.Header, at, null, $"The field at byte {Format.Count(at)} goes beyond the end of its message at byte {Format.Count(end)}.");
        }

        cursor.Skip(count, "field");
    }

    /// <summary>Reads a number of variable length in a message that ends at a byte.</summary>
    public ulong ReadVarint(long end)
    {
        long at = cursor.Position;
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (cursor.Position == end)
            {
                throw new MalformedException(
                    end == cursor.End ? HealthReasonKinds.Truncated : HealthReasonKinds.Header, at, null, $"The number at byte {Format.Count(at)} goes beyond the end of its message at byte {Format.Count(end)}.");
            }

            byte part = cursor.ReadByte("number");
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new MalformedException(HealthReasonKinds.Header, at, null, $"The number at byte {Format.Count(at)} is longer than ten bytes.");
    }
}
