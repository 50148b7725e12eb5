using System.IO.Compression;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Compresses and decompresses sections with Brotli (RFC 7932).</summary>
internal static class Brotli
{
    private const int FastQuality = 5;
    private const int DenseQuality = 11;
    private const int FewestBytes = 32;
    private const int Window = 18;

    // Decompression dominates the cost of reading a section, so it must save at least 1/16.
    private const int MinGain = 16;

    /// <summary>Compresses bytes if that saves more than 1/16 of their size.</summary>
    public static bool TryCompress(ReadOnlySpan<byte> bytes, BlockBuffer target, BlockCompression compression)
    {
        if (compression == BlockCompression.None || bytes.Length < FewestBytes)
        {
            return false;
        }

        int start = target.Length;
        int quality = compression == BlockCompression.Dense ? DenseQuality : FastQuality;
        bool isSmaller = BrotliEncoder.TryCompress(bytes, target.Take(bytes.Length - 1 - (bytes.Length / MinGain)), out int written, quality, Window);
        target.CutTo(isSmaller ? start + written : start);
        return isSmaller;
    }

    /// <summary>Decompresses bytes.</summary>
    /// <exception cref="InvalidDataException">The data is corrupt or does not have the expected length.</exception>
    public static void Decompress(ReadOnlySpan<byte> bytes, Span<byte> raw)
    {
        if (!BrotliDecoder.TryDecompress(bytes, raw, out int written) || written != raw.Length)
        {
            throw BlockReader.Damaged("a section cannot be decompressed");
        }
    }
}
