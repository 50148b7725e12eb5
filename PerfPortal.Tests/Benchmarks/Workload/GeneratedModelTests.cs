using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using PerfPortal.Benchmarks.Workload.Models;
using Xunit;

namespace PerfPortal.Tests.Benchmarks.Workload;

public sealed class GeneratedModelTests
{
    [Property]
    public void Any_part_of_a_content_is_the_same_as_in_the_whole(int seed)
    {
        var random = new Random(seed);
        var content = new SeededBytes([.. Enumerable.Range(0, random.Next(20)).Select(i => (byte)i)], random.Next(100), (ulong)seed);
        byte[] whole = All(content);
        int from = random.Next(whole.Length + 1);
        byte[] part = new byte[random.Next(whole.Length - from + 1)];
        content.Read(from, part);
        Assert.Equal(whole[from..(from + part.Length)], part);
    }

    [Fact]
    public void The_same_seed_generates_the_same_model_and_another_seed_or_version_another_one()
    {
        var model = new ServedModel("org/tiny", ModelFormat.Safetensors, 200_000) { Shards = 2 };
        var commit = ModelCommit.Generate(model, 1);
        Assert.Equal(commit.Sha, ModelCommit.Generate(model, 1).Sha);
        Assert.Equal(40, commit.Sha.Length);
        Assert.NotEqual(commit.Sha, ModelCommit.Generate(model, 2).Sha);
        Assert.NotEqual(commit.Sha, ModelCommit.Generate(model with { Version = 2 }, 1).Sha);
        foreach (var file in commit.Files.Values)
        {
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(All(file.Content))), file.Sha256);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(500_000, 1)]
    [InlineData(5_000_000, 3)]
    public void Safetensors_are_valid_and_about_as_large_as_asked_for(long bytes, int shards)
    {
        var commit = ModelCommit.Generate(new("org/m", ModelFormat.Safetensors, bytes) { Shards = shards }, 1);
        var weights = commit.Files.Values.Where(file => file.IsLarge).ToList();
        Assert.Equal(shards, weights.Count);
        long total = 0;
        var names = new Dictionary<string, string>();
        foreach (var file in weights)
        {
            byte[] content = All(file.Content);
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(content));
            Assert.Equal(0, length % 8);
            using var header = JsonDocument.Parse(content.AsMemory(8, length));
            long end = 0;
            foreach (var tensor in header.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__"))
            {
                var offsets = tensor.Value.GetProperty("data_offsets");
                long elements = tensor.Value.GetProperty("shape").EnumerateArray().Aggregate(1L, (product, side) => product * side.GetInt64());
                Assert.Equal((end, end + (2 * elements)), (offsets[0].GetInt64(), offsets[1].GetInt64()));
                end = offsets[1].GetInt64();
                names.Add(tensor.Name, file.Path);
            }

            Assert.Equal(content.Length, 8 + length + end);
            total += end;
        }

        Assert.True(bytes < 170_000 || Math.Abs(total - bytes) < bytes * 0.2, $"{total} of {bytes}");
        if (shards > 1)
        {
            using var index = JsonDocument.Parse(All(commit.Files["model.safetensors.index.json"].Content));
            Assert.Equal(total, index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());
            Assert.Equal(names, index.RootElement.GetProperty("weight_map").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!));
        }
    }

    [Fact]
    public void A_GGUF_file_is_valid_to_its_last_byte()
    {
        var commit = ModelCommit.Generate(new("org/m", ModelFormat.Gguf, 1_000_000), 1);
        byte[] content = All(Assert.Single(commit.Files.Values, file => file.IsLarge).Content);
        using var reader = new BinaryReader(new MemoryStream(content));
        Assert.Equal("GGUF"u8.ToArray(), reader.ReadBytes(4));
        Assert.Equal(3u, reader.ReadUInt32());
        ulong tensors = reader.ReadUInt64();
        ulong pairs = reader.ReadUInt64();
        string? architecture = null;
        for (ulong i = 0; i < pairs; i++)
        {
            string key = Text(reader);
            object value = Value(reader, reader.ReadUInt32());
            architecture = key == "general.architecture" ? (string)value : architecture;
        }

        Assert.Equal("llama", architecture);
        var infos = Enumerable.Range(0, (int)tensors).Select(_ =>
        {
            string name = Text(reader);
            long elements = Enumerable.Range(0, (int)reader.ReadUInt32()).Select(_ => (long)reader.ReadUInt64()).Aggregate(1L, (product, side) => product * side);
            return (name, Bytes: reader.ReadUInt32() == 8 ? elements / 32 * 34 : elements * 4, Offset: (long)reader.ReadUInt64());
        }).ToList();
        Assert.Equal(["token_embd.weight", "blk.0.attn_norm.weight", "output.weight"], [infos[0].name, infos[1].name, infos[^1].name]);
        long start = (reader.BaseStream.Position + 31) / 32 * 32;
        long end = 0;
        foreach (var (_, bytes, offset) in infos)
        {
            Assert.Equal(end, offset);
            end = (offset + bytes + 31) / 32 * 32;
        }

        Assert.Equal(content.Length, start + end);
    }

    [Fact]
    public void Configuration_and_tokenizer_agree_with_the_weights()
    {
        var shape = ModelShape.Of(1_000_000);
        var commit = ModelCommit.Generate(new("org/m", ModelFormat.Safetensors, 1_000_000), 1);
        using var config = JsonDocument.Parse(All(commit.Files["config.json"].Content));
        using var tokenizer = JsonDocument.Parse(All(commit.Files["tokenizer.json"].Content));
        Assert.Equal((shape.Layers, shape.Hidden), (config.RootElement.GetProperty("num_hidden_layers").GetInt32(), config.RootElement.GetProperty("hidden_size").GetInt32()));
        Assert.Equal(shape.Vocabulary, tokenizer.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject().Count());
    }

    internal static byte[] All(SeededBytes content)
    {
        byte[] all = new byte[content.Length];
        content.Read(0, all);
        return all;
    }

    private static string Text(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

    private static object Value(BinaryReader reader, uint type) => type switch
    {
        4 => reader.ReadUInt32(),
        6 => reader.ReadSingle(),
        8 => Text(reader),
        9 => Values(reader, reader.ReadUInt32()),
        _ => throw new InvalidDataException($"The type {type} is not expected."),
    };

    private static object[] Values(BinaryReader reader, uint type) => [.. Enumerable.Range(0, (int)reader.ReadUInt64()).Select(_ => Value(reader, type))];
}
