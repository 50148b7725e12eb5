using System.Text;
using PerfPortal.Domain.Models.Health.Formats;
using PerfPortal.Domain.Models.Health.Results;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class PickleReaderTests
{
    [Fact]
    public void The_storages_that_a_pickle_refers_to_count_as_values()
    {
        byte[] Storages(int count) => [.. Enumerable.Range(0, count).SelectMany(index => Storage($"key{index}")), .. "N."u8];
        Assert.Equal(10, Read(Storages(10), maxItems: 20).Storages.Count);
        Assert.Equal(HealthReasonKinds.Limit, Assert.Throws<MalformedException>(() => Read(Storages(30), maxItems: 20)).Kind);
    }

    [Fact]
    public void Long_texts_are_told_apart_though_little_of_them_is_held()
    {
        string beginning = new('k', 200);
        var reader = Read([.. Storage(beginning + "1"), .. Storage(beginning + "2"), .. Storage(beginning + "1"), .. "N."u8]);
        Assert.Equal(2, reader.Storages.Count);
        Assert.False(reader.HasOtherIds);
        Assert.All(reader.Storages.Keys, key => Assert.InRange(key.Length, 1, 24));
        Assert.True(Read([.. Storage(beginning), .. Storage(beginning, elements: 2), .. "N."u8]).HasOtherIds);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a", true)]
    [InlineData("\u00ff", false)]
    public void A_long_name_is_valid_if_all_of_it_is(string end, bool isValid)
    {
        // One byte and then two for each character: no even number of bytes ends between characters.
        byte[] name = [.. Encoding.UTF8.GetBytes("a" + new string('é', 300)), .. Encoding.Latin1.GetBytes(end)];
        byte[] pickle = [(byte)'c', .. name, (byte)'\n', .. name, .. "\n."u8];
        var failure = Record.Exception(() => Read(pickle));
        Assert.Equal(isValid ? null : HealthReasonKinds.Header, (failure as MalformedException)?.Kind);
    }

    private static PickleReader Read(byte[] pickle, int maxItems = PickleStack.MaxItems)
    {
        using var cursor = new ByteCursor(new MemoryBytes(pickle), 0, pickle.Length);
        var reader = new PickleReader(cursor, maxItems);
        reader.Read();
        return reader;
    }

    private static byte[] Storage(string key, byte elements = 1) =>
        [.. "(U\u0007storagectorch\nFloatStorage\nU"u8, (byte)key.Length, .. Encoding.ASCII.GetBytes(key), .. "U\u0003cpuK"u8, elements, .. "tQ0"u8];
}
