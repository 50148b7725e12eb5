using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PerfPortal.Server.Wire;
using Xunit;

namespace PerfPortal.Tests.Wire;

public sealed class Utf8ValuesTests
{
    private static readonly string[] Zones = ["Z", "z", "+00:00", "-00:00", "+01:00", "-09:30", "+13:59", "+14:00", "+14:01", "+24:00", "-1:00", "+0100", "", " Z", "+01:60"];

    public static TheoryData<string> OddTimes => new(
        "1970-01-01T00:00:00Z", "1970-01-01T00:00:00+01:00", "1969-12-31T23:59:59-01:00", "2200-12-31T23:59:59.999999Z", "2200-12-31T23:59:59-01:00", "2201-01-01T00:00:00+01:00", "2026-02-29T00:00:00Z",
        "2024-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T23:59:60Z", "2026-01-01T23:59:59.Z", "2026-01-01T23:59:59.9999999999Z", "2026-01-01t23:59:59z", "2026-01-01 23:59:59Z",
        "2026-01-01T23:59:59,5Z", "2026-01-01T23:59Z", "2026-1-01T23:59:59Z", "+026-01-01T23:59:59Z", "2026-01-01T23:59:59.5", "2026-01-01T23:59:59", "x026-01-01T23:59:59Z", "2026-01-01T2a:59:59Z", "", "Z");

    [Theory]
    [MemberData(nameof(OddTimes))]
    public void A_time_at_an_edge_is_never_read_otherwise_than_by_the_slow_way(string text) => Assert.True(Agrees(text), text);

    [Property(MaxTest = 2_000)]
    public Property Any_time_that_is_taken_is_the_time_of_the_slow_way() => Prop.ForAll(
        (from year in Gen.Choose(1968, 2202)
         from month in Gen.Choose(0, 13)
         from day in Gen.Choose(0, 32)
         from hour in Gen.Choose(0, 24)
         from minute in Gen.Choose(0, 60)
         from second in Gen.Choose(0, 60)
         from digits in Gen.Choose(0, 11)
         from fraction in Gen.Choose(0, int.MaxValue)
         from zone in Gen.Elements(Zones)
         select FormattableString.Invariant($"{year:0000}-{month:00}-{day:00}T{hour:00}:{minute:00}:{second:00}") + (digits == 0 ? "" : "." + (fraction.ToString("D10", null) + "7")[..digits]) + zone).ToArbitrary(),
        Agrees);

    [Theory]
    [InlineData("2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:00:00.123456789Z")]
    [InlineData("2026-01-31T12:00:00.1+05:30")]
    public void A_usual_time_is_taken(string text) => Assert.True(Utf8Values.TryReadTime(Encoding.UTF8.GetBytes(text), out _));

    [Property]
    public bool A_uuid_is_read_as_the_slow_way_reads_it(Guid id, bool upper, byte at, byte with)
    {
        string text = upper ? id.ToString("D").ToUpperInvariant() : id.ToString("D");
        byte[] changed = Encoding.ASCII.GetBytes(text);
        changed[at % changed.Length] = (byte)(with % 128);
        return Utf8Values.TryReadUuid(Encoding.ASCII.GetBytes(text), out var read) && read == id
            && (!Utf8Values.TryReadUuid(changed, out var other) || (Guid.TryParseExact(Encoding.ASCII.GetString(changed), "D", out var slow) && slow == other));
    }

    [Fact]
    public void Hex_digits_come_in_lower_case_and_not_all_zero()
    {
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", Utf8Values.ReadHex("0AF7651916cd43dd8448eb211c80319C"u8, 32));
        Assert.Null(Utf8Values.ReadHex("00000000000000000000000000000000"u8, 32));
        Assert.Null(Utf8Values.ReadHex("b7ad6b716920333g"u8, 16));
        Assert.Null(Utf8Values.ReadHex("b7ad6b71692033"u8, 16));
        Assert.Equal("b7ad6b7169203331", Utf8Values.ReadParent("B7ad6b7169203331"u8));
        Assert.Equal("018f2f6e-7c1a-7000-8000-00000000000a", Utf8Values.ReadParent("018F2F6E-7c1a-7000-8000-00000000000A"u8));
        Assert.Null(Utf8Values.ReadParent("me"u8));
    }

    /// <summary>Whatever is taken fast is taken slowly too, and is the same.</summary>
    private static bool Agrees(string text) =>
        !Utf8Values.TryReadTime(Encoding.UTF8.GetBytes(text), out var fast) || (Rfc3339.TryParse(text, out var slow) && slow == fast && fast.Offset == TimeSpan.Zero);
}
