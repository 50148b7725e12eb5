namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>What files are by their names.</summary>
internal static class FileKinds
{
    private static readonly string[] Weights =
        [".safetensors", ".gguf", ".onnx", ".pt", ".pth", ".ckpt", ".tflite", ".h5", ".keras", ".msgpack", ".npz", ".mlmodel", ".engine", ".ggml"];

    // What downloads note beside their parts.
    private static readonly string[] PartNotes = [".part.json", ".part.json.tmp", ".part.json.broken"];

    private static readonly string[] Partial = [".incomplete", ".part", ".partial", ".crdownload", ".aria2", ".download"];

    /// <summary>Whether a file has the weights of a model.</summary>
    public static bool IsWeights(string name) =>
        Weights.Any(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
        || (name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) && name.Contains("model", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a file lists the other files of its model.</summary>
    public static bool IsIndex(string name) => name.EndsWith(".index.json", StringComparison.Ordinal) || name is "model_index.json" or "modules.json" or "manifest.json";

    /// <summary>Whether a file configures a model or its tokenizer.</summary>
    public static bool IsConfiguration(string name) =>
        name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".model", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".jinja", StringComparison.OrdinalIgnoreCase);

    /// <summary>The file that a partial download will become; <see langword="null"/> for other files.</summary>
    public static string? FinalOf(string name) =>
        Partial.FirstOrDefault(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) is { } suffix && name.Length > suffix.Length ? name[..^suffix.Length] : null;

    /// <summary>Whether a file is only a note about a partial download.</summary>
    public static bool IsPartNote(string name) => PartNotes.Any(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a directory has nothing that a model consists of.</summary>
    public static bool IsSkipped(string directory) => directory is ".git" or ".cache" or ".locks" or ".no_exist" or "node_modules" or "__pycache__" or ".perfportal" or ".venv" or "venv" or "$RECYCLE.BIN";
}
