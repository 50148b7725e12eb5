namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// A column of 64-bit integers in the smallest of several forms. All arithmetic is modulo 2^64, so every value is representable.
/// The residuals after removing base and divisor are written as planes (the low bytes of all values, then the next bytes, …),
/// which compress better than the adjacent bytes of single values.
/// </summary>
internal static class IntegerColumn
{
    private const int DictionaryMax = 256;
    private const double ClearGain = 63.0 / 64;

    private enum Form : byte
    {
        /// <summary>first + index × step.</summary>
        Sequence = 0,

        /// <summary>base + residual × divisor.</summary>
        Plain = 1,

        /// <summary>previous value + base + residual × divisor.</summary>
        Delta = 2,

        /// <summary>One of at most 256 values.</summary>
        Dictionary = 3,
    }

    /// <summary>Writes a column.</summary>
    /// <param name="target">The target buffer.</param>
    /// <param name="values">The values; if empty, nothing is written.</param>
    /// <param name="isCompressed">Whether the column will be compressed, so that entropy matters rather than length.</param>
    public static void Write(BlockBuffer target, ReadOnlySpan<long> values, bool isCompressed)
    {
        if (values.IsEmpty)
        {
            return;
        }

        var facts = ColumnFacts.Of(values);
        if (facts.IsSequence)
        {
            target.Byte((byte)Form.Sequence);
            target.ZigZag(values[0]);
            target.ZigZag(facts.MinDelta);
            return;
        }

        ulong divisor = facts.Divisor(values);
        ulong plainMax = (ulong)(facts.Max - facts.Min) / divisor;
        ulong deltaMax = (ulong)(facts.MaxDelta - facts.MinDelta) / divisor;
        if (!isCompressed)
        {
            int plainBits = Planes.BitsOf(plainMax);
            int deltaBits = Planes.BitsOf(deltaMax);
            WriteResiduals(target, values, facts, divisor, deltaBits < plainBits ? Form.Delta : Form.Plain, Math.Min(plainBits, deltaBits));
            return;
        }

        WriteSmallest(target, values, facts, divisor, Planes.BitsOf(plainMax), Planes.BitsOf(deltaMax));
    }

    /// <summary>Reads a column with the length of <paramref name="values"/>.</summary>
    /// <exception cref="InvalidDataException">The column is corrupt.</exception>
    public static void Read(ref BlockReader reader, scoped Span<long> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        switch ((Form)reader.Byte())
        {
            case Form.Sequence:
                long next = reader.ZigZag();
                long step = reader.ZigZag();
                foreach (ref long value in values)
                {
                    value = next;
                    next += step;
                }

                break;
            case Form.Plain:
                long plainBase = reader.ZigZag();
                long plainDivisor = (long)reader.Varint();
                Planes.Read(ref reader, values);
                foreach (ref long value in values)
                {
                    value = plainBase + value * plainDivisor;
                }

                break;
            case Form.Delta:
                long before = reader.ZigZag();
                long deltaBase = reader.ZigZag();
                long deltaDivisor = (long)reader.Varint();
                Planes.Read(ref reader, values[1..]);
                values[0] = before;
                foreach (ref long value in values[1..])
                {
                    before += deltaBase + value * deltaDivisor;
                    value = before;
                }

                break;
            case Form.Dictionary:
                Span<long> distinct = stackalloc long[reader.Byte() + 1];
                ReadDistinct(ref reader, distinct);
                Planes.Read(ref reader, values);
                foreach (ref long value in values)
                {
                    value = (ulong)value < (ulong)distinct.Length ? distinct[(int)value] : throw BlockReader.Damaged("a value is not in its dictionary");
                }

                break;
            default:
                throw UnknownForm();
        }
    }

    /// <summary>Reads one value of a column of <paramref name="count"/> without decoding the others. Returns <see langword="false"/> for the delta form.</summary>
    /// <exception cref="InvalidDataException">The column is corrupt.</exception>
    public static bool TryReadAt(ref BlockReader reader, int count, int index, out long value)
    {
        var form = (Form)reader.Byte();
        value = 0;
        switch (form)
        {
            case Form.Sequence:
                value = reader.ZigZag();
                value += index * reader.ZigZag();
                return true;
            case Form.Plain:
                value = reader.ZigZag();
                long divisor = (long)reader.Varint();
                value += Planes.At(ref reader, count, index) * divisor;
                return true;
            case Form.Dictionary:
                Span<long> distinct = stackalloc long[reader.Byte() + 1];
                ReadDistinct(ref reader, distinct);
                long place = Planes.At(ref reader, count, index);
                value = (ulong)place < (ulong)distinct.Length ? distinct[(int)place] : throw BlockReader.Damaged("a value is not in its dictionary");
                return true;
            case Form.Delta:
                return false;
            default:
                throw UnknownForm();
        }
    }

    /// <summary>Skips a column of <paramref name="count"/> values.</summary>
    /// <exception cref="InvalidDataException">The column is corrupt.</exception>
    public static void Skip(ref BlockReader reader, int count)
    {
        if (count == 0)
        {
            return;
        }

        var form = (Form)reader.Byte();
        switch (form)
        {
            case Form.Sequence:
                reader.ZigZag();
                reader.ZigZag();
                break;
            case Form.Plain:
                reader.ZigZag();
                reader.Varint();
                Planes.Skip(ref reader, count);
                break;
            case Form.Delta:
                reader.ZigZag();
                reader.ZigZag();
                reader.Varint();
                Planes.Skip(ref reader, count - 1);
                break;
            case Form.Dictionary:
                Span<long> distinct = stackalloc long[reader.Byte() + 1];
                ReadDistinct(ref reader, distinct);
                Planes.Skip(ref reader, count);
                break;
            default:
                throw UnknownForm();
        }
    }

    private static InvalidDataException UnknownForm() => BlockReader.Damaged("unknown form of a column");

    private static void ReadDistinct(ref BlockReader reader, scoped Span<long> distinct)
    {
        if ((Form)new BlockReader(reader.Rest).Byte() == Form.Dictionary)
        {
            throw BlockReader.Damaged("nested dictionary");
        }

        Read(ref reader, distinct);
    }

    private static void WriteSmallest(
        BlockBuffer target, ReadOnlySpan<long> values, ColumnFacts facts, ulong divisor, int plainBits, int deltaBits)
    {
        int start = target.Length;
        double min = double.MaxValue;
        (Form Form, int Bits) best = default;
        foreach (var (form, bits) in (ReadOnlySpan<(Form, int)>)[(Form.Plain, plainBits), (Form.Delta, deltaBits), (Form.Plain, Planes.WholeBytes(plainBits)), (Form.Delta, Planes.WholeBytes(deltaBits))])
        {
            WriteResiduals(target, values, facts, divisor, form, bits);
            int plane = form == Form.Plain ? values.Length : values.Length - 1;
            double size = Entropy.Estimate(target.Written[start..], plane, Planes.TopLength(bits, plane));
            target.CutTo(start);

            // Forms that are small without compression are faster to read, so another form must be clearly smaller.
            if (size < min * ClearGain)
            {
                (min, best) = (size, (form, bits));
            }
        }

        if (plainBits > 8 && WriteDictionary(target, values))
        {
            if (Entropy.Estimate(target.Written[start..], values.Length, 0) < min * ClearGain)
            {
                return;
            }

            target.CutTo(start);
        }

        WriteResiduals(target, values, facts, divisor, best.Form, best.Bits);
    }

    private static void WriteResiduals(BlockBuffer target, ReadOnlySpan<long> values, ColumnFacts facts, ulong divisor, Form form, int bits)
    {
        target.Byte((byte)form);
        if (form == Form.Plain)
        {
            target.ZigZag(facts.Min);
            target.Varint(divisor);
            Planes.Write(target, new PlainResiduals(values, facts.Min, divisor), values.Length, bits);
            return;
        }

        target.ZigZag(values[0]);
        target.ZigZag(facts.MinDelta);
        target.Varint(divisor);
        Planes.Write(target, new DeltaResiduals(values, facts.MinDelta, divisor), values.Length - 1, bits);
    }

    private static bool WriteDictionary(BlockBuffer target, ReadOnlySpan<long> values)
    {
        var places = new Dictionary<long, int>(DictionaryMax);
        foreach (long value in values)
        {
            places.TryAdd(value, 0);
            if (places.Count > DictionaryMax)
            {
                return false;
            }
        }

        long[] distinct = [.. places.Keys.Order()];
        for (int i = 0; i < distinct.Length; i++)
        {
            places[distinct[i]] = i;
        }

        target.Byte((byte)Form.Dictionary);
        target.Byte((byte)(distinct.Length - 1));
        Write(target, distinct, isCompressed: false);
        long[] indexes = new long[values.Length];
        for (int i = 0; i < indexes.Length; i++)
        {
            indexes[i] = places[values[i]];
        }

        Planes.Write(target, new PlainResiduals(indexes, 0, 1), indexes.Length, 8);
        return true;
    }
}
