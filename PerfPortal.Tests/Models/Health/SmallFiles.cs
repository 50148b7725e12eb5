using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using PerfPortal.Domain.Models.Health.Formats;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Tests.Models.Health;

/// <summary>Writes small valid files of each format.</summary>
internal static class SmallFiles
{
    /// <summary>A safetensors file of three tensors and metadata.</summary>
    public static byte[] Safetensors(params string[] names)
    {
        string[] all = names.Length == 0 ? ["wte", "h.0.bias", "h.0.weight"] : names;
        string header = """{"__metadata__":{"format":"pt"},""" + string.Join(",", all.Select((name, i) => $$"""{{'"'}}{{name}}":{"dtype":"F16","shape":[2,4],"data_offsets":[{{i * 16}},{{(i + 1) * 16}}]}""")) + "}";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        return Safetensors(header, all.Length * 16);
    }

    public static byte[] Safetensors(string header, int dataLength)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + text.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, 8);
        for (int i = 8 + text.Length; i < file.Length; i++)
        {
            file[i] = (byte)(i * 31);
        }

        return file;
    }

    /// <summary>A GGUF file with every type of value, an array of texts, and two tensors of which one is quantized.</summary>
    public static byte[] Gguf(bool isBigEndian = false, uint version = 3)
    {
        var file = new GgufWriter(isBigEndian);
        file.Raw("GGUF"u8).U32(version).U64(2).U64(9);
        file.Text("general.architecture").U32(8).Text("llama");
        file.Text("general.alignment").U32(4).U32(32);
        file.Text("llama.block_count").U32(10).U64(1);
        file.Text("llama.use_bias").U32(7).Raw([1]);
        file.Text("llama.eps").U32(6).U32(0x3727c5ac);
        file.Text("tokenizer.ggml.tokens").U32(9).U32(8).U64(3).Text("a").Text("b").Text("<s>");
        file.Text("tokenizer.ggml.scores").U32(9).U32(6).U64(3).U32(0).U32(1).U32(2);
        file.Text("llama.flags").U32(9).U32(7).U64(2).Raw([0, 1]);
        file.Text("llama.nested").U32(9).U32(9).U64(1).U32(5).U64(2).U32(1).U32(2);
        file.Text("token_embd.weight").U32(2).U64(64).U64(30).U32(8).U64(0);
        file.Text("output_norm.weight").U32(1).U64(16).U32(0).U64(2_048);
        file.Pad(32).Raw(new byte[60 * 34]).Pad(32).Raw(new byte[64]);
        return file.ToArray();
    }

    /// <summary>An ONNX file with a node, attributes, a tensor in the file and one in a file beside it.</summary>
    public static byte[] Onnx(string? external = null)
    {
        byte[] weight = Message((1, 2), (1, 3), (2, 1), (8, "W"u8.ToArray()), (9, new byte[24]));
        byte[] other = Message((1, 4), (2, 1), (8, "B"u8.ToArray()), (13, Entry("location", external ?? "")), (13, Entry("offset", "8")), (13, Entry("length", "16")), (14, 1));
        byte[] attribute = Message((1, "alpha"u8.ToArray()), (20, 1), (2, 1.5f));
        byte[] node = Message((1, "X"u8.ToArray()), (1, "W"u8.ToArray()), (2, "Y"u8.ToArray()), (3, "n"u8.ToArray()), (4, "Gemm"u8.ToArray()), (5, attribute));
        byte[] type = Message((1, Message((1, 1), (2, Message((1, Message((1, 2))))))));
        byte[] input = Message((1, "X"u8.ToArray()), (2, type));
        var fields = new List<(int, object)> { (1, node), (2, "g"u8.ToArray()), (5, weight), (11, input), (12, Message((1, "Y"u8.ToArray()))) };
        if (external is not null)
        {
            fields.Insert(3, (5, other));
        }

        return Message((1, 8), (2, "test"u8.ToArray()), (7, Message([.. fields])), (8, Message((1, Array.Empty<byte>()), (2, 17))));
    }

    /// <summary>A PyTorch archive: stored entries, as <c>torch.save</c> writes them.</summary>
    public static byte[] Torch(bool withPickle = true, int largeBytes = 0)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            if (withPickle)
            {
                Add(zip, "archive/data.pkl", [0x80, 2, (byte)'}', (byte)'q', 0, (byte)'.']);
            }

            Add(zip, "archive/data/0", [.. Enumerable.Range(0, 200).Select(i => (byte)i)]);
            if (largeBytes > 0)
            {
                Add(zip, "archive/data/large", [.. Enumerable.Range(0, largeBytes).Select(i => (byte)(i * 7))]);
            }

            Add(zip, "archive/version", "3\n"u8.ToArray());
        }

        return stream.ToArray();
    }

    /// <summary>An old PyTorch file: five pickles and raw content.</summary>
    public static byte[] OldTorch() =>
    [
        0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.',
        0x80, 2, (byte)'M', 0xe9, 3, (byte)'.',
        0x80, 2, (byte)'}', (byte)'q', 0, (byte)'X', 3, 0, 0, 0, (byte)'a', (byte)'b', (byte)'c', (byte)'K', 1, (byte)'s', (byte)'.',
        0x80, 2, (byte)'c', .. "collections\nOrderedDict\n"u8, (byte)')', (byte)'R', (byte)'.',
        0x80, 2, (byte)']', (byte)'q', 0, (byte)'.',
        4, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4,
    ];

    public static byte[] Tokenizer(int tokens = 4) => Encoding.UTF8.GetBytes(
        """{"version":"1.0","added_tokens":[{"id":0,"content":"<s>"}],"model":{"type":"BPE","vocab":{""" + string.Join(",", Enumerable.Range(0, tokens).Select(i => $"\"t{i}\":{i}")) + """},"merges":["t 0"]}}""");

    /// <summary>What the examination of bytes finds.</summary>
    public static StructureReport Examine(string name, byte[] bytes) => FormatChecks.Run(name, new MemoryBytes(bytes));

    /// <summary>The kinds of what is found.</summary>
    public static string[] Kinds(string name, byte[] bytes) => [.. Examine(name, bytes).Reasons.Select(reason => reason.Kind).Distinct()];

    /// <summary>A protobuf message of numbers, bytes and floats.</summary>
    public static byte[] Message(params (int Number, object Value)[] fields)
    {
        using var stream = new MemoryStream();
        foreach (var (number, value) in fields)
        {
            switch (value)
            {
                case int whole:
                    Varint(stream, (ulong)number << 3);
                    Varint(stream, (ulong)whole);
                    break;
                case float single:
                    Varint(stream, ((ulong)number << 3) | 5);
                    stream.Write(BitConverter.GetBytes(single));
                    break;
                case byte[] bytes:
                    Varint(stream, ((ulong)number << 3) | 2);
                    Varint(stream, (ulong)bytes.Length);
                    stream.Write(bytes);
                    break;
                default:
                    throw new ArgumentException("Not a value of a field.", nameof(fields));
            }
        }

        return stream.ToArray();
    }

    private static byte[] Entry(string key, string value) => Message((1, Encoding.UTF8.GetBytes(key)), (2, Encoding.UTF8.GetBytes(value)));

    private static void Varint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }

    private static void Add(ZipArchive zip, string name, byte[] content)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }

    private sealed class GgufWriter(bool isBigEndian)
    {
        private readonly List<byte> _bytes = [];

        public GgufWriter Raw(ReadOnlySpan<byte> bytes)
        {
            _bytes.AddRange(bytes);
            return this;
        }

        public GgufWriter U32(uint value) => Raw(BitConverter.GetBytes(isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value));

        public GgufWriter U64(ulong value) => Raw(BitConverter.GetBytes(isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value));

        public GgufWriter Text(string text) => U64((ulong)Encoding.UTF8.GetByteCount(text)).Raw(Encoding.UTF8.GetBytes(text));

        public GgufWriter Pad(int alignment) => Raw(new byte[(alignment - (_bytes.Count % alignment)) % alignment]);

        public byte[] ToArray() => [.. _bytes];
    }
}
