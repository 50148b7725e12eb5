using System.IO.Compression;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Sections by Brotli (RFC 7932).</summary>
internal static class Brotli
{
    private const int FastQuality = 5;
    private const int DenseQuality = 11;
    private const int FewestBytes = 32;
    private const int Window = 18;

    // Decompressing takes longer than all else that a reader does with a section.
    private const int MinGain = 16;

    /// <summary>Compresses bytes, if that saves more than a sixteenth of them.</summary>
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
    /// <exception cref="InvalidDataException">They are damaged, or not as many as there is room for.</exception>
    public static void Decompress(ReadOnlySpan<byte> bytes, Span<byte> raw)
    {
        if (!BrotliDecoder.TryDecompress(bytes, raw, out int written) || written != raw.Length)
        {
            throw BlockReader.Damaged("a section cannot be decompressed");
        }
    }
}
