using System.Buffers;
using PerfPortal.Domain.Models.Files;
using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Records;

namespace PerfPortal.Domain.Models.Health.Checking;

/// <summary>Reads those blocks of an unchanged file whose turn it is, and compares them with the trusted ones.</summary>
internal static class SampledFileCheck
{
    /// <summary>Reads blocks.</summary>
    /// <returns>Whether all are the trusted ones; <see langword="false"/> also when they cannot be read, so that the file is read whole and says why.</returns>
    public static async Task<bool> RunAsync(
        LocatedFile file, ReadOnlyMemory<UInt128> trusted, int[] blocks, ReadPace pace, Action<long> onRead, CancellationToken cancellationToken)
    {
        if (blocks.Length == 0)
        {
            return true;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockHashes.BlockSize);
        try
        {
            using var handle = RegularFile.OpenRead(file.FullPath, FileOptions.RandomAccess);
            foreach (int block in blocks)
            {
                await pace.WaitAsync(BlockHashes.BlockSize, cancellationToken).ConfigureAwait(false);
                int read = FileHasher.ReadBlock(handle, block, buffer.AsSpan(0, BlockHashes.BlockSize));
                onRead(read);
                if (BlockHashes.Of(buffer.AsSpan(0, read)) != trusted.Span[block])
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The blocks of a file whose turn it is.</summary>
    public static int[] BlocksOf(FileRecord record, ulong key, long check, int rotation) =>
        new BlockRotation(record.Blocks, rotation, key ^ System.IO.Hashing.XxHash3.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(record.Path))).PartOf(check);
}
