using System.Text.Json;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Counts the items at the beginning of a body, so that one with far too many items is rejected before it is read and decompressed completely. For ordinary
/// bodies the only cost is counting separators.
/// </summary>
internal static class ItemCount
{
    /// <summary>Whether the beginning of an array of items, or of an export, has more than <paramref name="max"/> of them.</summary>
    public static bool ExceedsInArray(ReadOnlySpan<byte> beginning, int max) => beginning.Count((byte)',') >= max && InArray(beginning, max) > max;

    /// <summary>Whether the beginning of NDJSON has more than <paramref name="max"/> lines that are not blank.</summary>
    public static bool ExceedsInLines(ReadOnlySpan<byte> beginning, int max)
    {
        if (beginning.Count((byte)'\n') < max)
        {
            return false;
        }

        int count = 0;
        foreach (var line in beginning.Split((byte)'\n'))
        {
            if (!beginning[line].Trim(" \t\r"u8).IsEmpty)
            {
                count++;
            }
        }

        return count > max;
    }

    private static int InArray(ReadOnlySpan<byte> beginning, int max)
    {
        var reader = new Utf8JsonReader(beginning, isFinalBlock: false, new(new() { MaxDepth = BodyReader.MaxDepth + 2 }));
        try
        {
            int count = 0;
            bool isOpen = reader.Read() && (reader.TokenType == JsonTokenType.StartArray || TryFindItems(ref reader));
            while (isOpen && count <= max && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                count++;
                isOpen = reader.TrySkip();
            }

            return count;
        }
        catch (JsonException)
        {
            // The reader of the whole body explains the error.
            return 0;
        }
    }

    private static bool TryFindItems(ref Utf8JsonReader reader)
    {
        while (reader.TokenType != JsonTokenType.EndObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isItems = reader.ValueSpan.SequenceEqual("items"u8);
            if (!reader.Read() || (isItems && reader.TokenType == JsonTokenType.StartArray))
            {
                return isItems && reader.TokenType == JsonTokenType.StartArray;
            }

            if (!reader.TrySkip())
            {
                return false;
            }
        }

        return false;
    }
}
