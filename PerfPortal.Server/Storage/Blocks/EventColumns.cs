using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The events of the operations that have any.</summary>
internal sealed class EventColumns
{
    private readonly int[] _starts;
    private readonly long[] _times;
    private readonly TextColumn _kinds;
    private readonly TextColumn _details;

    private EventColumns(int[] starts, long[] times, TextColumn kinds, TextColumn details)
    {
        _starts = starts;
        _times = times;
        _kinds = kinds;
        _details = details;
    }

    /// <summary>Reads the events.</summary>
    /// <exception cref="InvalidDataException">The data is corrupt or contains more than <paramref name="max"/> events.</exception>
    public static EventColumns Read(ReadOnlyMemory<byte> bytes, int rows, int max)
    {
        var reader = new BlockReader(bytes.Span);
        long[] counts = new long[rows];
        IntegerColumn.Read(ref reader, counts);
        int[] starts = new int[rows + 1];
        for (int i = 0; i < rows; i++)
        {
            if (counts[i] < 0 || counts[i] > max - starts[i])
            {
                throw BlockReader.Damaged("too many events");
            }

            starts[i + 1] = starts[i] + (int)counts[i];
        }

        long[] times = new long[starts[rows]];
        IntegerColumn.Read(ref reader, times);
        int position = reader.Position;
        var kinds = TextColumn.Read(bytes[position..], times.Length, isNullable: false, out int read);
        var details = TextColumn.Read(bytes[(position + read)..], times.Length, isNullable: true, out _);
        return new(starts, times, kinds, details);
    }

    /// <summary>Returns the events of a row.</summary>
    public OperationEvent[] At(int row, long startUs)
    {
        var events = new OperationEvent[_starts[row + 1] - _starts[row]];
        long at = startUs;
        for (int i = 0; i < events.Length; i++)
        {
            int number = _starts[row] + i;
            at += _times[number];
            events[i] = new(BlockTimes.ToTime(at), _kinds.At(number)!, _details.At(number));
        }

        return events;
    }
}
