using System.IO.Compression;

namespace PerfPortal.Benchmarks.Faults;

/// <summary>Compresses bodies well and badly: whole, cut, in several members, with empty ones, or not at all. Not safe for concurrent use.</summary>
/// <param name="seed">Distinguishes one sequence from another.</param>
internal sealed class OddPacking(int seed)
{
    private static readonly byte[] EmptyMember = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly Random _random = new(seed);

    /// <summary>The body and its declared encoding.</summary>
    public (byte[] Body, string Encoding) Next(byte[] body)
    {
        byte[] packed = Pack(body, isBrotli: false);
        return _random.Next(10) switch
        {
            0 => (body, "gzip"),
            1 => ([], "gzip"),
            2 => (EmptyMember, "gzip"),
            3 => (packed[..(packed.Length / (2 + _random.Next(8)))], "gzip"),
            4 => ([.. EmptyMember, .. packed, .. EmptyMember], "gzip"),
            5 => ([.. packed, .. body], "gzip"),
            6 => (Pack(body, isBrotli: true), "br"),
            7 => ([.. Pack(body, isBrotli: true).SkipLast(1)], "br"),
            8 => (packed, "zstd"),
            _ => (packed, "gzip"),
        };
    }

    /// <summary>Compresses a body.</summary>
    public static byte[] Pack(byte[] body, bool isBrotli)
    {
        using var packed = new MemoryStream();
        using (Stream stream = isBrotli ? new BrotliStream(packed, CompressionLevel.Fastest) : new GZipStream(packed, CompressionLevel.Optimal))
        {
            stream.Write(body);
        }

        return packed.ToArray();
    }
}
