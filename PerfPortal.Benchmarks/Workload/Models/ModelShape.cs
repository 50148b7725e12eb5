namespace PerfPortal.Benchmarks.Workload.Models;

/// <summary>The shape of a small language model of the Llama architecture, so that tensors, configuration and tokenizer agree.</summary>
/// <param name="Hidden">The size of the hidden state.</param>
/// <param name="Inner">The size of the feed-forward layer.</param>
/// <param name="Vocabulary">The number of tokens.</param>
/// <param name="Layers">The number of layers.</param>
internal sealed record ModelShape(int Hidden, int Inner, int Vocabulary, int Layers)
{
    private const int BytesPerWeight = 2;

    /// <summary>The attention heads.</summary>
    public int Heads => Hidden / 32;

    /// <summary>The tensors with their shapes, in the order of the file: rows, then columns.</summary>
    public IEnumerable<(string Name, int[] Shape)> Tensors
    {
        get
        {
            yield return ("model.embed_tokens.weight", [Vocabulary, Hidden]);
            for (int i = 0; i < Layers; i++)
            {
                string layer = FormattableString.Invariant($"model.layers.{i}.");
                yield return (layer + "input_layernorm.weight", [Hidden]);
                yield return (layer + "self_attn.q_proj.weight", [Hidden, Hidden]);
                yield return (layer + "self_attn.k_proj.weight", [Hidden, Hidden]);
                yield return (layer + "self_attn.v_proj.weight", [Hidden, Hidden]);
                yield return (layer + "self_attn.o_proj.weight", [Hidden, Hidden]);
                yield return (layer + "post_attention_layernorm.weight", [Hidden]);
                yield return (layer + "mlp.gate_proj.weight", [Inner, Hidden]);
                yield return (layer + "mlp.up_proj.weight", [Inner, Hidden]);
                yield return (layer + "mlp.down_proj.weight", [Hidden, Inner]);
            }

            yield return ("model.norm.weight", [Hidden]);
            yield return ("lm_head.weight", [Vocabulary, Hidden]);
        }
    }

    /// <summary>The shape whose weights take about so many bytes with 16 bits each; the smallest takes about 170 KB.</summary>
    public static ModelShape Of(long bytes)
    {
        var shape = bytes < 3_000_000 ? new ModelShape(64, 192, 256, 1) : bytes < 200_000_000 ? new(256, 704, 1_024, 1) : new(1_024, 2_816, 4_096, 1);
        long layer = BytesPerWeight * ((4L * shape.Hidden * shape.Hidden) + (3L * shape.Hidden * shape.Inner) + (2L * shape.Hidden));
        long others = BytesPerWeight * ((2L * shape.Vocabulary * shape.Hidden) + shape.Hidden);
        return shape with { Layers = (int)Math.Clamp((bytes - others + (layer / 2)) / layer, 1, 500) };
    }

    /// <summary>The name of a token.</summary>
    public static string Token(int id) => id switch { 0 => "<unk>", 1 => "<s>", 2 => "</s>", _ => FormattableString.Invariant($"t{id}") };
}
