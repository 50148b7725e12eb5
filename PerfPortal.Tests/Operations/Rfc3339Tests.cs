using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Operations;

public sealed class Rfc3339Tests
{
    private static readonly string[] Zones = ["Z", "z", "+00:00", "-00:00", "+01:00", "-09:30", "+13:59", "-14:00"];
    private static readonly string[] WrongZones = ["", " Z", "+24:00", "+25:00", "-1:00", "+0100", "+01:60", "+01", "+01:00:00", "ZZ", "+01:00Z"];

    [Theory]
    [InlineData("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31t12:00:00z", "2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31 12:00:00Z", "2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:00:00.1+05:30", "2026-01-31T06:30:00.1Z")]
    [InlineData("2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.1234567Z")]
    [InlineData("2026-01-31T12:00:00.00000000000000000000000000000000000000009-00:00", "2026-01-31T12:00:00Z")]
    [InlineData("1969-12-31T23:59:59-01:00", "1970-01-01T00:59:59Z")]
    [InlineData("2024-02-29T00:00:00+23:59", "2024-02-28T00:01:00Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")]
    [InlineData("1990-12-31T15:59:60.25-08:00", "1991-01-01T00:00:00.25Z")]
    [InlineData("2015-06-30T23:59:60Z", "2015-07-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.9999999Z")]
    public void A_time_is_parsed(string text, string expected)
    {
        Assert.True(Rfc3339.TryParse(text, out var time));
        Assert.Equal((DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), TimeSpan.Zero), (time, time.Offset));
        Assert.True(Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var utf8));
        Assert.Equal(time, utf8);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Z")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-04-31T00:00:00Z")]
    [InlineData("2026-00-01T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("2026-01-01T24:00:00Z")]
    [InlineData("2026-01-01T23:60:00Z")]
    [InlineData("2026-01-01T23:59:60Z")]
    [InlineData("2016-12-31T23:59:60+01:00")]
    [InlineData("2016-12-31T23:59:61Z")]
    [InlineData("2016-12-31T22:59:60Z")]
    [InlineData("2026-01-01T23:59:59.Z")]
    [InlineData("2026-01-01T23:59:59.5")]
    [InlineData("2026-01-01T23:59:59,5Z")]
    [InlineData("2026-01-01T23:59:59")]
    [InlineData("2026-01-01T23:59Z")]
    [InlineData("2026-1-01T23:59:59Z")]
    [InlineData("+026-01-01T23:59:59Z")]
    [InlineData("x026-01-01T23:59:59Z")]
    [InlineData("2026-01-01T2a:59:59Z")]
    [InlineData("2026-01-01T12:00:0٠Z")]
    [InlineData("2026-01-01_12:00:00Z")]
    [InlineData(" 2026-01-01T12:00:00Z")]
    public void Any_other_text_is_refused(string text)
    {
        Assert.False(Rfc3339.TryParse(text, out _));
        Assert.False(Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out _));
    }

    [Property(MaxTest = 2_000)]
    public Property A_time_is_what_the_framework_parses() => Prop.ForAll(
        (from zone in Gen.Elements(Zones) from text in Texts(zone) select text).ToArbitrary(),
        text =>
        {
            bool isTime = DateTimeOffset.TryParse(WithSevenDigits(text), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var expected);
            bool isParsed = Rfc3339.TryParse(text, out var time);
            return isParsed == isTime && (!isParsed || time == expected) && isParsed == Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var utf8) && time == utf8;
        });

    [Property(MaxTest = 200)]
    public Property A_time_with_another_zone_is_refused() => Prop.ForAll(
        (from zone in Gen.Elements(WrongZones) from text in Texts(zone) select text).ToArbitrary(), text => !Rfc3339.TryParse(text, out _));

    /// <summary>Texts whose every field is in its range or just outside, but for the leap second, which the framework refuses.</summary>
    private static Gen<string> Texts(string zone) =>
        from year in Gen.Choose(1968, 2202)
        from month in Gen.Choose(0, 13)
        from day in Gen.Choose(0, 32)
        from hour in Gen.Choose(0, 23)
        from minute in Gen.Choose(0, 60)
        from second in Gen.Choose(0, 59)
        from digits in Gen.Choose(0, 11)
        from fraction in Gen.Choose(0, int.MaxValue)
        select FormattableString.Invariant($"{year:0000}-{month:00}-{day:00}T{hour:00}:{minute:00}:{second:00}") + (digits == 0 ? "" : "." + (fraction.ToString("D10", null) + "7")[..digits]) + zone;

    private static string WithSevenDigits(string text)
    {
        int zone = text.AsSpan(20).IndexOfAny("Zz+-") is >= 0 and var at ? at + 20 : 19;
        return zone - 20 > 7 ? text[..27] + text[zone..] : text;
    }
}
