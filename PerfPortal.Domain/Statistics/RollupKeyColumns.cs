using System.Buffers;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// Encodes the keys of a page's rollups as columns: sources, names, kinds and, if the page contains the minutes of an hour, minutes.
/// Each number is stored as the difference to the previous one, which is usually 0.
/// </summary>
internal static class RollupKeyColumns
{
    /// <summary>The number of minutes in an hour.</summary>
    public const int Minutes = 60;

    private const int MaxKinds = 32;
    private const int MaxOutcomes = 8;

    /// <summary>Writes the number of keys and the keys, which must be in order.</summary>
    /// <param name="output">Receives the bytes.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="minutes">The minute of each key, 0–59, ascending within equal keys; empty when keys are unique.</param>
    /// <exception cref="ArgumentException">A key occurs twice in the same minute.</exception>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<PageKey> keys, ReadOnlySpan<byte> minutes)
    {
        Varint.Write(output, keys.Length);
        for (int i = 0; i < keys.Length; i++)
        {
            if (i > 0 && keys[i] == keys[i - 1] && (minutes.IsEmpty || minutes[i] == minutes[i - 1]))
            {
                throw new ArgumentException($"Duplicate key {keys[i]}.", nameof(keys));
            }

            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(keys[i].Kind, MaxKinds, nameof(keys));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(keys[i].Outcome, MaxOutcomes, nameof(keys));
            Varint.Write(output, keys[i].Source - (i > 0 ? keys[i - 1].Source : 0));
        }

        for (int i = 0; i < keys.Length; i++)
        {
            Varint.Write(output, keys[i].Name - (i > 0 && keys[i].Source == keys[i - 1].Source ? keys[i - 1].Name : 0));
        }

        foreach (var key in keys)
        {
            Varint.Write(output, (key.Kind * MaxOutcomes) + key.Outcome);
        }

        for (int i = 0; i < minutes.Length; i++)
        {
            Varint.Write(output, minutes[i] - (i > 0 && keys[i] == keys[i - 1] ? minutes[i - 1] : 0));
        }
    }

    /// <summary>Reads the output of <see cref="Write"/>.</summary>
    /// <exception cref="InvalidDataException">The data is corrupt.</exception>
    public static (PageKey[] Keys, byte[] Minutes) Read(ref ReadOnlySpan<byte> bytes, bool haveMinutes)
    {
        int count = (int)Varint.ReadCount(ref bytes, bytes.Length, "The number of rollups");
        int[] sources = new int[count];
        int[] names = new int[count];
        var keys = new PageKey[count];
        for (int i = 0; i < count; i++)
        {
            int before = i > 0 ? sources[i - 1] : 0;
            sources[i] = before + (int)Varint.ReadCount(ref bytes, int.MaxValue - before, "The number of a source");
        }

        for (int i = 0; i < count; i++)
        {
            int before = i > 0 && sources[i] == sources[i - 1] ? names[i - 1] : 0;
            names[i] = before + (int)Varint.ReadCount(ref bytes, int.MaxValue - before, "The number of a name");
        }

        for (int i = 0; i < count; i++)
        {
            int kind = (int)Varint.ReadCount(ref bytes, (MaxKinds * MaxOutcomes) - 1, "The kind of a rollup");
            keys[i] = new((byte)(kind / MaxOutcomes), sources[i], names[i], (byte)(kind % MaxOutcomes));
            if (i > 0 && (haveMinutes ? keys[i - 1] > keys[i] : keys[i - 1] >= keys[i]))
            {
                throw new InvalidDataException("The rollups of a page are out of order.");
            }
        }

        return (keys, haveMinutes ? ReadMinutes(ref bytes, keys) : []);
    }

    private static byte[] ReadMinutes(ref ReadOnlySpan<byte> bytes, PageKey[] keys)
    {
        byte[] minutes = new byte[keys.Length];
        for (int i = 0; i < minutes.Length; i++)
        {
            bool isLater = i > 0 && keys[i] == keys[i - 1];
            int before = isLater ? minutes[i - 1] : 0;
            int distance = (int)Varint.ReadCount(ref bytes, Minutes - 1 - before, "The distance to a minute");
            minutes[i] = isLater && distance == 0 ? throw new InvalidDataException("A minute of a page contains a duplicate key.") : (byte)(before + distance);
        }

        return minutes;
    }
}
