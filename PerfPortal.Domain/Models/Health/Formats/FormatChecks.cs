using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>Chooses how a file is examined, by its name and, where names are shared, by its first bytes.</summary>
internal static class FormatChecks
{
    private const int FirstBytes = 32;
    private const long MaxJson = 512L * 1024 * 1024;

    /// <summary>Examines a file; what it contains makes nothing throw.</summary>
    /// <param name="file">The path of the file below its model's directory.</param>
    /// <param name="source">Its bytes.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static StructureReport Run(string file, ByteSource source)
    {
        var report = new StructureReport(file);
        try
        {
            Choose(file[(file.LastIndexOf('/') + 1)..], source, report);
        }
        catch (MalformedException exception)
        {
            report.Add(
                exception.Kind, exception.Offset, exception.Length, exception.Message,
                exception.Kind == HealthReasonKinds.Limit ? HealthSeverity.Warning : HealthSeverity.Error);
        }

        return report;
    }

    private static void Choose(string name, ByteSource source, StructureReport report)
    {
        Span<byte> first = stackalloc byte[FirstBytes];
        first = first[..source.Read(0, first)];
        if (Stray.Find(first) is { } stray && Path.GetExtension(name) is not (".txt" or ".html" or ".md"))
        {
            report.Format = "text";
            report.Add(HealthReasonKinds.PartialDownload, 0, null, stray);
            return;
        }

        switch (Path.GetExtension(name).ToLowerInvariant())
        {
            case ".safetensors":
                SafetensorsCheck.Run(source, report);
                break;
            case ".gguf":
                GgufCheck.Run(source, report);
                break;
            case ".onnx":
                OnnxCheck.Run(source, report);
                break;
            case ".pt" or ".pth" or ".ckpt":
            case ".bin" when IsTorchName(name) || TorchCheck.Recognizes(first):
                TorchCheck.Run(source, report, isSure: !name.EndsWith(".ckpt", StringComparison.OrdinalIgnoreCase));
                break;
            case ".npz" or ".keras":
                report.Format = "zip archive";
                ZipCheck.Run(source, report);
                break;
            case ".json":
                RunJson(name, source, report);
                break;
            case ".txt" when name is "merges.txt" or "vocab.txt":
                TextCheck.Run(source, report, name == "merges.txt");
                break;
            default:
                if (first.StartsWith("GGUF"u8))
                {
                    GgufCheck.Run(source, report);
                }

                break;
        }
    }

    private static bool IsTorchName(string name) =>
        name.StartsWith("pytorch_model", StringComparison.Ordinal) || name.StartsWith("diffusion_pytorch_model", StringComparison.Ordinal) || name is "adapter_model.bin" or "training_args.bin";

    private static void RunJson(string name, ByteSource source, StructureReport report)
    {
        report.Format = "JSON";
        if (source.Length > MaxJson)
        {
            report.Add(HealthReasonKinds.Limit, MaxJson, null, $"The file is larger than {Format.Count(MaxJson)} bytes; its text is not examined.", HealthSeverity.Warning);
            return;
        }

        var visitor = name switch
        {
            "config.json" => new ConfigVisitor(report),
            "tokenizer.json" => new TokenizerVisitor(report),
            _ when name.EndsWith(".index.json", StringComparison.Ordinal) => new IndexVisitor(report),
            "generation_config.json" or "tokenizer_config.json" or "special_tokens_map.json" or "vocab.json" or "preprocessor_config.json" or "model_index.json" or "adapter_config.json" => new ObjectVisitor(),
            _ => null,
        };
        JsonWalk.Run(source, 0, source.Length, visitor ?? (IJsonVisitor)new AnyVisitor(), acceptsNaN: true);
        if (visitor is TokenizerVisitor { HasModel: false })
        {
            report.Add(HealthReasonKinds.Header, null, null, "The tokenizer has no model.");
        }
    }

    private sealed class AnyVisitor : IJsonVisitor
    {
        public void OnToken(ref System.Text.Json.Utf8JsonReader reader, long offset)
        {
        }
    }
}
