using FsCheck.Xunit;
using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Blocks;

public sealed class ColumnTests
{
    [Property(MaxTest = 300)]
    public void Whole_numbers_are_read_back(long[] any, bool isCompressed) => AssertSameWholes(any, isCompressed);

    [Property(MaxTest = 300)]
    public void Whole_numbers_of_every_look_are_read_back(int seed, bool isCompressed)
    {
        var random = new Random(seed);
        long max = 1L << random.Next(1, 63);
        long from = random.NextInt64(long.MinValue / 2, long.MaxValue / 2);
        long step = random.Next(3) == 0 ? 1000 : 1;
        long[] values = [.. Enumerable.Range(0, random.Next(1, 600)).Select(_ => from + random.NextInt64(max) / step * step)];
        if (random.Next(2) == 0)
        {
            Array.Sort(values);
        }

        AssertSameWholes(values, isCompressed);
    }

    [Theory]
    [InlineData(new[] { long.MinValue, long.MaxValue, long.MinValue })]
    [InlineData(new[] { long.MaxValue, long.MinValue, 3, 0, -1 })]
    [InlineData(new[] { long.MinValue, 0, long.MaxValue - 2, 6 })]
    [InlineData(new[] { 5L })]
    public void Numbers_at_the_rim_are_read_back(long[] values)
    {
        AssertSameWholes(values, false);
        AssertSameWholes(values, true);
    }

    [Fact]
    public void A_column_lies_as_the_format_describes_it()
    {
        var target = new BlockBuffer();
        IntegerColumn.Write(target, [1000, 1002, 1001], isCompressed: false);
        Assert.Equal("01D00F010218", Convert.ToHexString(target.Written));
    }

    [Theory]
    [InlineData(0x1FF, 9, "0001FF")]
    [InlineData(0x3FF, 10, "0001FF")]
    [InlineData(0xFFF, 12, "0001FF")]
    [InlineData(0x7FFF, 16, "0001FF00007F")]
    [InlineData(0x1FFFF, 17, "0001FF0000FF")]
    public void What_is_above_whole_bytes_lies_behind_them(long max, byte width, string planes)
    {
        var target = new BlockBuffer();
        IntegerColumn.Write(target, [0, 1, max], isCompressed: false);
        string top = width % 8 == 0 ? "" : Convert.ToHexString(TopOfThird(width % 8));
        Assert.Equal($"010001{width:X2}{planes}{top}", Convert.ToHexString(target.Written));
    }

    [Fact]
    public void A_common_divisor_is_taken_out()
    {
        long[] values = [.. Enumerable.Range(0, 200).Select(i => 1_772_625_600_000_000 + i * 7919 % 200 * 60_000_000L)];
        Assert.InRange(Length(values), 200, 220);
    }

    [Fact]
    public void Steps_of_one_size_and_constants_take_a_few_bytes()
    {
        Assert.InRange(Length([.. Enumerable.Range(0, 5000).Select(i => 1_000_000L - 3 * i)]), 1, 8);
        Assert.InRange(Length([.. Enumerable.Repeat(long.MaxValue, 5000)]), 1, 16);
    }

    [Property(MaxTest = 300)]
    public void Doubles_are_read_back_bit_for_bit(double[] any, int places, bool isCompressed)
    {
        double power = Math.Pow(10, Math.Abs(places % 20));
        AssertSameDoubles(any, isCompressed);
        AssertSameDoubles([.. any.Select(value => Math.Round(value % 1e6) / power)], isCompressed);
    }

    [Fact]
    public void A_number_is_read_where_it_lies_unless_it_depends_on_the_one_before()
    {
        Assert.True(CanReadAt([7, 100, 9, 70_000]));
        Assert.True(CanReadAt([5, 5, 5]));
        Assert.False(CanReadAt([.. Enumerable.Range(0, 100).Select(i => 1_000_000_000L * i + i % 3)]));
    }

    [Theory]
    [InlineData(new[] { 0.1, 0.25, -3 }, 2)]
    [InlineData(new[] { 0.0, -0.0 }, 255)]
    [InlineData(new[] { 1, 1e300 }, 255)]
    [InlineData(new[] { 7.0, double.NaN }, 255)]
    [InlineData(new[] { 9007199254740992, 0.5 }, 255)]
    public void Doubles_are_decimal_only_where_that_is_exact(double[] values, byte places)
    {
        Assert.Equal(places, AssertSameDoubles(values, false)[0]);
    }

    [Theory]
    [InlineData("0123456789abcdef", "fedcba9876543210", 8)]
    [InlineData("0123456789abcdef", "fedcba9876543210ff", 0)]
    [InlineData("0123456789abcdef", "FEDCBA9876543210", 0)]
    [InlineData("not hex.", "at all..", 0)]
    public void Only_texts_that_are_all_lower_case_hexadecimal_lie_as_bytes(string first, string second, byte bytesEach)
    {
        var target = new BlockBuffer();
        TextColumn.Write(target, [first, second], [1, 0, 2, 1], isCompressed: false);
        Assert.Equal(bytesEach, target.Written[0]);
        var column = TextColumn.Read(target.Written.ToArray(), 4, isNullable: true, out int read);
        Assert.Equal(target.Length, read);
        Assert.Equal([first, null, second, first], Enumerable.Range(0, 4).Select(column.At));
    }

    // The third of three rests has all bits set above its whole bytes, the others none.
    private static byte[] TopOfThird(int bits)
    {
        int all = ((1 << bits) - 1) << (2 * bits);
        return bits == 4 ? [(byte)all, (byte)(all >> 8)] : [(byte)all];
    }

    private static int Length(long[] values)
    {
        var target = new BlockBuffer();
        IntegerColumn.Write(target, values, isCompressed: false);
        return target.Length;
    }

    private static bool CanReadAt(long[] values)
    {
        var target = new BlockBuffer();
        IntegerColumn.Write(target, values, isCompressed: false);
        var reader = new BlockReader(target.Written);
        return IntegerColumn.TryReadAt(ref reader, values.Length, values.Length - 1, out _);
    }

    private static void AssertSameWholes(long[] values, bool isCompressed)
    {
        var target = new BlockBuffer();
        IntegerColumn.Write(target, values, isCompressed);
        long[] read = new long[values.Length];
        var reader = new BlockReader(target.Written);
        IntegerColumn.Read(ref reader, read);
        Assert.Equal(0, reader.Left);
        Assert.Equal(values, read);
        for (int i = 0; i < values.Length; i++)
        {
            var again = new BlockReader(target.Written);
            if (IntegerColumn.TryReadAt(ref again, values.Length, i, out long value))
            {
                Assert.Equal(values[i], value);
            }
        }
    }

    private static byte[] AssertSameDoubles(double[] values, bool isCompressed)
    {
        var target = new BlockBuffer();
        long[] bits = [.. values.Select(BitConverter.DoubleToInt64Bits)];
        NumberColumn.Write(target, [.. bits], isCompressed);
        long[] read = new long[bits.Length];
        var reader = new BlockReader(target.Written);
        NumberColumn.Read(ref reader, read);
        Assert.Equal(bits, read);
        for (int i = 0; i < values.Length; i++)
        {
            var again = new BlockReader(target.Written);
            if (NumberColumn.TryReadAt(ref again, values.Length, i, out long value))
            {
                Assert.Equal(bits[i], value);
            }
        }

        return target.Written.ToArray();
    }
}
