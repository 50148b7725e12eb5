using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Operations;

public sealed class VocabularyTests
{
    [Fact]
    public void Metadata_is_laid_over_as_a_merge_patch_does_it_and_stays_in_order()
    {
        var before = Metadata.Of([new("a", MetadataValue.From(1L)), new("b", MetadataValue.From("x")), new("c", MetadataValue.From(true)), new("n", default)]);
        var after = before.With([new("b", default), new("c", MetadataValue.From(2.5)), new("d", MetadataValue.From(4L)), new("never", default)]);
        Assert.Equal(["a", "b", "c"], before.Select(member => member.Key));
        Assert.Equal(["a", "c", "d"], after.Select(member => member.Key));
        Assert.Equal((1d, 2.5, 4d), (after["a"].Numeric, after["c"].Numeric, after["d"].Numeric));
        Assert.Equal(MetadataKind.Null, after["b"].Kind);
        Assert.Same(Metadata.Empty, after.With([new("a", default), new("c", default), new("d", default)]));
        Assert.Equal(9, Metadata.Of([new("a", MetadataValue.From(1L)), new("a", MetadataValue.From(9L))])["a"].Numeric);
    }

    [Theory]
    [InlineData("true", MetadataKind.Boolean, 1.0)]
    [InlineData("9223372036854775807", MetadataKind.Whole, 9.2233720368547758E18)]
    [InlineData("9223372036854775808", MetadataKind.Digits, 9.2233720368547758E18)]
    [InlineData("18446744073709551557", MetadataKind.Digits, 18446744073709551557d)]
    [InlineData("-9223372036854775809", MetadataKind.Digits, -9.2233720368547758E18)]
    [InlineData("0.12345678901234567891", MetadataKind.Digits, 0.12345678901234568)]
    [InlineData("0.30000000000000004", MetadataKind.Number, 0.30000000000000004)]
    [InlineData("100000000000000000000.000", MetadataKind.Number, 1e20)]
    [InlineData("1.2345678901234567e-300", MetadataKind.Number, 1.2345678901234567e-300)]
    [InlineData("-0.25", MetadataKind.Number, -0.25)]
    [InlineData("0", MetadataKind.Whole, 0.0)]
    [InlineData("-0", MetadataKind.Number, -0.0)]
    [InlineData("-0.0", MetadataKind.Number, -0.0)]
    [InlineData("\"\\u00e4\"", MetadataKind.Text, null)]
    [InlineData("{\"a\":[1,null]}", MetadataKind.Json, null)]
    [InlineData("null", MetadataKind.Null, null)]
    public void A_json_value_keeps_its_kind_and_is_written_as_it_was(string json, MetadataKind kind, double? number)
    {
        using var document = JsonDocument.Parse(json);
        var value = MetadataValue.From(document.RootElement);
        Assert.Equal((kind, number), (value.Kind, value.Numeric));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            value.WriteTo(writer);
        }

        Assert.True(kind != MetadataKind.Digits || json == Encoding.UTF8.GetString(stream.ToArray()));
        using var written = JsonDocument.Parse(stream.ToArray());
        Assert.Equal(value, MetadataValue.From(written.RootElement));
        Assert.Equal(value.GetHashCode(), MetadataValue.From(written.RootElement).GetHashCode());
    }

    [Fact]
    public void Numbers_that_json_cannot_say_are_null_and_a_whole_is_not_equal_to_a_number()
    {
        Assert.Equal(default, MetadataValue.From(double.NaN));
        Assert.Equal(default, MetadataValue.From(double.NegativeInfinity));
        Assert.Equal(default, MetadataValue.From((string?)null));
        Assert.Equal(("18446744073709551557", "7"), (MetadataValue.From(18446744073709551557UL).ToString(), MetadataValue.From(7UL).ToString()));
        Assert.Equal(MetadataValue.From(7L), MetadataValue.From(7UL));
        Assert.True(MetadataValue.From(1L) != MetadataValue.From(1.0) && MetadataValue.From(1L) == MetadataValue.From(1L));
        Assert.Equal("1.5", MetadataValue.From(1.5).ToString());
    }

    [Theory]
    [InlineData("retry_count", "2", true)]
    [InlineData("retry_count", "2.0", true)]
    [InlineData("retry_count", "2.5", false)]
    [InlineData("retry_count", "-1", false)]
    [InlineData("retry_count", "true", false)]
    [InlineData("retry_count", "null", true)]
    [InlineData("bytes_total", "1e18", true)]
    [InlineData("bytes_total", "2e18", false)]
    [InlineData("integrity_verified", "true", true)]
    [InlineData("integrity_verified", "1", false)]
    [InlineData("url", "5", false)]
    [InlineData("own_metric", "-3", true)]
    public void A_known_fact_takes_only_what_it_means(string name, string json, bool isRight)
    {
        using var document = JsonDocument.Parse(json);
        string? error = KnownFacts.Check(MetricType.DownloadOperation, name, MetadataValue.From(document.RootElement));
        Assert.Equal(isRight, error is null);
        Assert.True(isRight || error!.StartsWith(name, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_type_has_its_facts_and_a_score_lies_between_0_and_1()
    {
        Assert.All(MetricTypes.All, type => Assert.All(KnownFacts.Of(type), fact => Assert.Same(fact, KnownFacts.Find(type, fact.Name))));
        Assert.NotNull(KnownFacts.Check(MetricType.HealthCheck, "integrity_score", MetadataValue.From(1.001)));
        Assert.Null(KnownFacts.Check(MetricType.HealthCheck, "integrity_score", MetadataValue.From(1L)));
    }

    [Theory]
    [InlineData("a", 8192, false)]
    [InlineData("a", 8193, true)]
    [InlineData("ä", 4097, true)]
    [InlineData("€", 2731, true)]
    [InlineData("\U0001F600", 2048, false)]
    [InlineData("\U0001F600", 2049, true)]
    public void An_error_text_is_cut_to_its_bytes_between_whole_characters(string unit, int times, bool isCut)
    {
        string text = new StringBuilder().Insert(0, unit, times).ToString();
        string cut = OperationLimits.CutError(text)!;
        Assert.Equal(isCut, cut.EndsWith("[cut]", StringComparison.Ordinal));
        int bytes = Encoding.UTF8.GetByteCount(cut);
        Assert.InRange(bytes, isCut ? OperationLimits.ErrorBytes - 4 : 0, OperationLimits.ErrorBytes);
        Assert.Equal(cut, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)));
        Assert.StartsWith(unit, cut, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_breaks_no_cutting()
    {
        Assert.Null(OperationLimits.CutError(null));
        Assert.InRange(Encoding.UTF8.GetByteCount(OperationLimits.CutError(new string('\uD800', 5000))!), 8000, OperationLimits.ErrorBytes);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    [InlineData(-1, -1)]
    [InlineData(-10, -1)]
    [InlineData(-11, -2)]
    public void Times_are_cut_downwards_to_microseconds(long ticks, long microseconds) =>
        Assert.Equal(microseconds, DateTimeOffset.UnixEpoch.AddTicks(ticks).ToMicroseconds());

    [Property]
    public void A_time_in_microseconds_reads_back(long seed)
    {
        long microseconds = seed % 60_000_000_000_000_000;
        Assert.Equal(microseconds, Microseconds.ToTime(microseconds).ToMicroseconds());
        Assert.Equal(Microseconds.ToTime(microseconds), Microseconds.ToTime(microseconds).AddTicks(9).ToWholeMicroseconds());
    }

    [Fact]
    public void Seconds_are_rounded_to_the_nearest_microsecond()
    {
        Assert.Equal(1, Microseconds.FromSeconds(0.0000014).ToMicroseconds());
        Assert.Equal(2, Microseconds.FromSeconds(0.0000016).ToMicroseconds());
        Assert.Equal(-2, Microseconds.FromSeconds(-0.0000016).ToMicroseconds());
        Assert.ThrowsAny<OverflowException>(() => Microseconds.FromSeconds(1e300));
    }

    [Fact]
    public void Of_many_events_the_first_and_the_latest_are_kept()
    {
        var operation = Journal.MemoryJournal.Op();
        for (int i = 0; i < 100; i++)
        {
            operation = operation.WithEvent(operation.StartTime, i.ToString(CultureInfo.InvariantCulture));
        }

        Assert.Equal(OperationLimits.Events, operation.Events.Count);
        Assert.Equal(("0", "99"), (operation.Events[0].Kind, operation.Events[^1].Kind));
    }
}
