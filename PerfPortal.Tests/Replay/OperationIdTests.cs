using System.Security.Cryptography;
using PerfPortal.Benchmarks.Replay;
using Xunit;

namespace PerfPortal.Tests.Replay;

public sealed class OperationIdTests
{
    [Fact]
    public void An_id_is_a_uuid_of_version_8()
    {
        byte[] bytes = OperationId.Of("a.csv", 1).ToByteArray(bigEndian: true);
        Assert.Equal(0x80, bytes[6] & 0xF0);
        Assert.Equal(0x80, bytes[8] & 0xC0);
    }

    [Fact]
    public void An_id_is_the_documented_hash()
    {
        byte[] hash = SHA256.HashData("a.csv#12"u8)[..16];
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        Assert.Equal(new Guid(hash, bigEndian: true), OperationId.Of("a.csv", 12));
    }

    [Fact]
    public void Each_row_of_each_trace_has_an_id_of_its_own()
    {
        Guid[] ids = [OperationId.Of("a.csv", 1), OperationId.Of("a.csv", 2), OperationId.Of("b.csv", 1), OperationId.Of("b.csv", 2)];
        Assert.Distinct(ids);
    }
}
