using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Health.Reading;

/// <summary>Hashes whole files: while one piece is hashed, the next one is read, so that the slower of disk and SHA-256 sets the pace.</summary>
internal static class FileHasher
{
    /// <summary>The bytes of a piece: a few blocks, so that waiting between threads costs nothing.</summary>
    private const int Piece = 4 * BlockHashes.BlockSize;

    /// <summary>Opens a file for reading from its beginning to its end.</summary>
    /// <exception cref="IOException">It is not a file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SafeFileHandle Open(string path) => RegularFile.OpenRead(path, FileOptions.SequentialScan);

    /// <summary>Hashes a file.</summary>
    /// <param name="handle">The file.</param>
    /// <param name="wantsGitSha1">Whether to compute the git object id too.</param>
    /// <param name="pace">The rate.</param>
    /// <param name="onRead">Called with the bytes of each piece.</param>
    /// <param name="parts">Parts of the file to compare with their checksums on the way; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<FileDigest> ReadAsync(
        SafeFileHandle handle, bool wantsGitSha1, ReadPace pace, Action<long> onRead, PartChecksums? parts, CancellationToken cancellationToken)
    {
        long length = RandomAccess.GetLength(handle);
        var blocks = new UInt128[BlockHashes.Count(length)];
        int size = (int)Math.Clamp(length, 1, Piece);
        byte[] reading = ArrayPool<byte>.Shared.Rent(size);
        byte[] hashing = ArrayPool<byte>.Shared.Rent(size);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var sha1 = wantsGitSha1 ? GitHash(length) : null;
        var pending = Task.CompletedTask;
        try
        {
            long done = 0;
            while (done < length)
            {
                await pace.WaitAsync(Math.Min(size, length - done), cancellationToken).ConfigureAwait(false);
                int count = Fill(handle, reading.AsSpan(0, (int)Math.Min(size, length - done)), done);
                if (count == 0)
                {
                    break;
                }

                HashBlocks(reading.AsSpan(0, count), blocks, done);
                parts?.Append(reading.AsSpan(0, count), done);
                await pending.ConfigureAwait(false);
                (reading, hashing) = (hashing, reading);
                pending = Hash(hashing, count, count == length, sha256, sha1);
                done += count;
                onRead(count);
            }

            await pending.ConfigureAwait(false);
            return new(done, Hex(sha256), sha1 is null ? null : Hex(sha1), blocks);
        }
        finally
        {
            await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(reading);
            ArrayPool<byte>.Shared.Return(hashing);
        }
    }

    /// <summary>Reads one block.</summary>
    /// <returns>Its bytes; shorter than the buffer at the end of the file.</returns>
    public static int ReadBlock(SafeFileHandle handle, int block, Span<byte> buffer) => Fill(handle, buffer, (long)block * BlockHashes.BlockSize);

    private static Task Hash(byte[] piece, int count, bool isOnly, IncrementalHash sha256, IncrementalHash? sha1)
    {
        void Append()
        {
            sha256.AppendData(piece.AsSpan(0, count));
            sha1?.AppendData(piece.AsSpan(0, count));
        }

        if (isOnly)
        {
            Append();
            return Task.CompletedTask;
        }

        return Task.Run(Append);
    }

    private static void HashBlocks(ReadOnlySpan<byte> piece, UInt128[] blocks, long at)
    {
        for (int i = 0; i < piece.Length; i += BlockHashes.BlockSize)
        {
            blocks[(at + i) / BlockHashes.BlockSize] = BlockHashes.Of(piece.Slice(i, Math.Min(BlockHashes.BlockSize, piece.Length - i)));
        }
    }

    private static int Fill(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            int read = RandomAccess.Read(handle, buffer[done..], offset + done);
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }

    // Git hashes a header with the size before the content (gitformat-loose, "loose objects").
    private static IncrementalHash GitHash(long length)
    {
#pragma warning disable CA5350 // Git's identities are SHA-1; they are compared, not trusted against an attacker.
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {length}\0")));
        return hash;
    }

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
