using System.Text;

namespace PerfPortal.Benchmarks.Workload.Models;

/// <summary>Writes the small files of a model: configuration, tokenizer and description.</summary>
internal static class TextFiles
{
    private static readonly string[] Architectures = ["LlamaForCausalLM"];

    /// <summary>The files by path.</summary>
    public static IEnumerable<(string Path, SeededBytes Content)> Write(string name, ModelShape shape)
    {
        yield return ("README.md", new(Encoding.UTF8.GetBytes($"# {name}\n\nGenerated weights of the Llama architecture; they say nothing.\n"), 0, 0));
        yield return ("config.json", SafetensorsFiles.Text(new
        {
            architectures = Architectures,
            model_type = "llama",
            hidden_size = shape.Hidden,
            intermediate_size = shape.Inner,
            num_attention_heads = shape.Heads,
            num_key_value_heads = shape.Heads,
            num_hidden_layers = shape.Layers,
            vocab_size = shape.Vocabulary,
            max_position_embeddings = 2_048,
            rms_norm_eps = 1e-5,
            hidden_act = "silu",
            bos_token_id = 1,
            eos_token_id = 2,
            tie_word_embeddings = false,
            torch_dtype = "bfloat16",
        }));
        yield return ("generation_config.json", SafetensorsFiles.Text(new { bos_token_id = 1, eos_token_id = 2 }));
        yield return ("tokenizer.json", SafetensorsFiles.Text(new
        {
            version = "1.0",
            truncation = (object?)null,
            padding = (object?)null,
            added_tokens = Enumerable.Range(0, 3).Select(id => new
            {
                id,
                content = ModelShape.Token(id),
                single_word = false,
                lstrip = false,
                rstrip = false,
                normalized = false,
                special = true,
            }),
            normalizer = (object?)null,
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true },
            post_processor = (object?)null,
            decoder = new { type = "ByteLevel", add_prefix_space = true, trim_offsets = true, use_regex = true },
            model = new
            {
                type = "BPE",
                unk_token = ModelShape.Token(0),
                vocab = Enumerable.Range(0, shape.Vocabulary).ToDictionary(ModelShape.Token, id => id),
                merges = Array.Empty<string>(),
            },
        }));
        yield return ("tokenizer_config.json", SafetensorsFiles.Text(new
        {
            tokenizer_class = "PreTrainedTokenizerFast",
            bos_token = ModelShape.Token(1),
            eos_token = ModelShape.Token(2),
            unk_token = ModelShape.Token(0),
            model_max_length = 2_048,
        }));
    }
}
