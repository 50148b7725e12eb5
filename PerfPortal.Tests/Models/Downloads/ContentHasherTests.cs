using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using FsCheck.Xunit;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Ranges;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

public sealed class ContentHasherTests
{
    /// <summary>Parts that arrive in any order, from several connections at once, give the hash of the whole.</summary>
    [Property(MaxTest = 40)]
    public async Task The_hash_does_not_depend_on_the_order_in_which_parts_arrive(int seed, ushort length)
    {
        byte[] content = DownloadBench.Random(length * 40, seed);
        string path = Path.GetTempFileName();
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            var book = new RangeBook(content.Length);
            await using var hasher = new ContentHasher(file, () => book.Prefix, content.Length);
            const int Part = 10_000;
            int[] starts = [.. Enumerable.Range(0, (content.Length + Part - 1) / Part).Select(index => index * Part)];
            if (seed % 3 != 0)
            {
                new Random(seed).Shuffle(starts);
            }

            Parallel.ForEach(starts, new ParallelOptions { MaxDegreeOfParallelism = 3 }, start =>
            {
                int count = Math.Min(Part, content.Length - start);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(count);
                content.AsSpan(start, count).CopyTo(buffer);
                RandomAccess.Write(file, content.AsSpan(start, count), start);
                var segment = book.TakeFrom(start, start + count);
                book.Advance(segment, count);
                book.Release(segment);
                if (!hasher.Offer(start, buffer, count))
                {
                    // What is not taken belongs to somebody else.
                    Array.Clear(buffer);
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            });
            var hashes = await hasher.FinishAsync(content.Length, CancellationToken.None);
            Assert.Equal(DownloadBench.Sha256(content), hashes.Sha256);
            Assert.Equal(GitId(content), hashes.GitSha1);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_Git_id_is_that_of_Git() => Assert.Equal("ce013625030ba8dba906f756967f9e9ca394464a", GitId("hello\n"u8.ToArray()));

#pragma warning disable CA5350 // Git names blobs by SHA-1.
    internal static string GitId(byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350
}
