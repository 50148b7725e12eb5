using System.Text;

namespace PerfPortal.Benchmarks.Workload.Models;

/// <summary>Writes a model as one GGUF file, version 3 (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), with the tensor names of llama.cpp, 32-bit norms and Q8_0 matrices.</summary>
internal static class GgufFile
{
    private const uint Version = 3;
    private const int Alignment = 32;
    private const uint TypeUInt32 = 4;
    private const uint TypeFloat32 = 6;
    private const uint TypeString = 8;
    private const uint TypeArray = 9;
    private const uint F32 = 0;
    private const uint Q80 = 8;
    private const int BlockWeights = 32;
    private const int BlockBytes = 34;

    /// <summary>The content of the file.</summary>
    public static SeededBytes Write(string name, ModelShape shape, ulong seed)
    {
        var tensors = shape.Tensors.ToList();
        using var head = new MemoryStream();
        using var writer = new BinaryWriter(head);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)tensors.Count);
        var pairs = Pairs(name, shape);
        writer.Write((ulong)pairs.Count);
        foreach (var (key, write) in pairs)
        {
            Write(writer, key);
            write(writer);
        }

        ulong offset = 0;
        foreach (var (tensor, sides) in tensors)
        {
            bool isMatrix = sides.Length > 1;
            long weights = sides.Aggregate(1L, (product, side) => product * side);
            Write(writer, NameOf(tensor));
            writer.Write((uint)sides.Length);
            foreach (int side in sides.Reverse())
            {
                writer.Write((ulong)side);
            }

            writer.Write(isMatrix ? Q80 : F32);
            writer.Write(offset);
            offset += Padded((ulong)(isMatrix ? weights / BlockWeights * BlockBytes : weights * sizeof(float)));
        }

        writer.Flush();
        head.SetLength((long)Padded((ulong)head.Length));
        return new(head.ToArray(), (long)offset, seed);
    }

    private static string NameOf(string tensor)
    {
        (string Name, string Other)[] names =
        [
            ("model.layers.", "blk."), ("model.embed_tokens.", "token_embd."), ("model.norm.", "output_norm."), ("lm_head.", "output."),
            ("input_layernorm.", "attn_norm."), ("post_attention_layernorm.", "ffn_norm."),
            ("self_attn.q_proj.", "attn_q."), ("self_attn.k_proj.", "attn_k."), ("self_attn.v_proj.", "attn_v."), ("self_attn.o_proj.", "attn_output."),
            ("mlp.gate_proj.", "ffn_gate."), ("mlp.up_proj.", "ffn_up."), ("mlp.down_proj.", "ffn_down."),
        ];
        return names.Aggregate(tensor, (text, pair) => text.Replace(pair.Name, pair.Other, StringComparison.Ordinal));
    }

    private static List<(string Key, Action<BinaryWriter> Write)> Pairs(string name, ModelShape shape) =>
    [
        ("general.architecture", Value("llama")),
        ("general.name", Value(name)),
        ("general.alignment", Value(Alignment)),
        ("general.file_type", Value(7)),
        ("llama.context_length", Value(2_048)),
        ("llama.embedding_length", Value(shape.Hidden)),
        ("llama.block_count", Value(shape.Layers)),
        ("llama.feed_forward_length", Value(shape.Inner)),
        ("llama.attention.head_count", Value(shape.Heads)),
        ("llama.attention.head_count_kv", Value(shape.Heads)),
        ("llama.attention.layer_norm_rms_epsilon", Value(1e-5f)),
        ("tokenizer.ggml.model", Value("gpt2")),
        ("tokenizer.ggml.tokens", Tokens(shape.Vocabulary)),
    ];

    private static Action<BinaryWriter> Value(int number) => writer =>
    {
        writer.Write(TypeUInt32);
        writer.Write((uint)number);
    };

    private static Action<BinaryWriter> Value(float number) => writer =>
    {
        writer.Write(TypeFloat32);
        writer.Write(number);
    };

    private static Action<BinaryWriter> Value(string text) => writer =>
    {
        writer.Write(TypeString);
        Write(writer, text);
    };

    private static Action<BinaryWriter> Tokens(int count) => writer =>
    {
        writer.Write(TypeArray);
        writer.Write(TypeString);
        writer.Write((ulong)count);
        for (int i = 0; i < count; i++)
        {
            Write(writer, ModelShape.Token(i));
        }
    };

    private static void Write(BinaryWriter writer, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)utf8.Length);
        writer.Write(utf8);
    }

    private static ulong Padded(ulong bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
