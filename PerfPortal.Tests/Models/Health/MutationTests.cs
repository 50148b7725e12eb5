using System.Buffers.Binary;
using PerfPortal.Domain.Models.Health.Results;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

/// <summary>Whatever a file contains, its examination ends with findings, and in bounded memory.</summary>
public sealed class MutationTests
{
    private static readonly (string Name, byte[] Bytes)[] Files =
    [
        ("model.safetensors", SmallFiles.Safetensors()), ("model.gguf", SmallFiles.Gguf()), ("model.onnx", SmallFiles.Onnx("x.bin")), ("model.pt", SmallFiles.Torch()), ("model.pth", SmallFiles.OldTorch()),
        ("tokenizer.json", SmallFiles.Tokenizer()), ("config.json", """{"vocab_size":32000,"text_config":{"x":[1,2,null,true]}}"""u8.ToArray()), ("merges.txt", "#version\na b\n"u8.ToArray()),
    ];

    private static readonly ulong[] Extremes = [0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, ulong.MaxValue, 1UL << 40];

    /// <summary>The number by hand: <c>PERFPORTAL_MUTATIONS=1000000</c>.</summary>
    private static int Mutations => int.TryParse(Environment.GetEnvironmentVariable("PERFPORTAL_MUTATIONS"), out int count) ? count : 100_000;

    [Fact]
    public void Mutated_files_never_crash_the_examination_and_take_bounded_memory()
    {
        const int Each = 400_000;
        var random = new Random(17);
        int found = 0;
        for (int i = 0; i < Mutations; i++)
        {
            var (name, original) = Files[i % Files.Length];
            byte[] mutated = Mutate(original, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var report = SmallFiles.Examine(name, mutated);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < Each, $"Mutation {i} of {name} allocated {allocated} bytes: {Convert.ToHexString(mutated)}");
            Assert.All(report.Reasons, reason => Assert.True(reason is { Sentence.Length: > 10, Offset: null or >= 0, Length: null or > 0 }, $"Mutation {i} of {name}: {reason}"));
            found += report.Reasons.Count > 0 ? 1 : 0;
        }

        Assert.True(found > Mutations / 2, $"Only {found} of {Mutations} mutations were found.");
    }

    /// <summary>A header that claims gigabytes in a file that has kilobytes is refused before anything is held for it.</summary>
    [Fact]
    public void A_lying_header_takes_no_memory()
    {
        byte[] safetensors = new byte[4_096];
        BinaryPrimitives.WriteUInt64LittleEndian(safetensors, 99_999_999);
        safetensors[8] = (byte)'{';
        byte[] gguf = SmallFiles.Gguf();
        BinaryPrimitives.WriteUInt64LittleEndian(gguf.AsSpan(gguf.AsSpan().IndexOf("tokenizer.ggml.tokens"u8) + "tokenizer.ggml.tokens".Length + 8), 1UL << 50);
        byte[] onnx = [0x08, 0x08, 0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f, .. new byte[100]];
        byte[] zip = SmallFiles.Torch();
        BinaryPrimitives.WriteUInt16LittleEndian(zip.AsSpan(zip.Length - 14), 0xfffe);
        BinaryPrimitives.WriteUInt16LittleEndian(zip.AsSpan(zip.Length - 12), 0xfffe);
        foreach (var (name, bytes) in new[] { ("a.safetensors", safetensors), ("a.gguf", gguf), ("a.onnx", onnx), ("a.pt", zip) })
        {
            SmallFiles.Examine(name, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var report = SmallFiles.Examine(name, bytes);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
            Assert.Contains(report.Reasons, reason => reason.Kind is HealthReasonKinds.Header or HealthReasonKinds.Truncated);
        }
    }

    [Fact]
    public void A_huge_header_that_is_really_there_is_read_in_pieces()
    {
        byte[] file = SmallFiles.Safetensors("{" + new string(' ', 20_000_000) + "}", 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(SmallFiles.Kinds("a.safetensors", file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        for (int i = random.Next(1, 4); i > 0 && bytes.Length > 0; i--)
        {
            int at = random.Next(Math.Min(bytes.Length, 600));
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 when at + 8 <= bytes.Length:
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Extremes[random.Next(Extremes.Length)]);
                    break;
                case 3 when at + 4 <= bytes.Length:
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)Extremes[random.Next(Extremes.Length)]);
                    break;
                case 4:
                    bytes = [.. bytes.AsSpan(0, at)];
                    break;
                default:
                    bytes = [.. bytes.AsSpan(0, at), .. bytes.AsSpan(random.Next(bytes.Length))];
                    break;
            }
        }

        return bytes;
    }
}
