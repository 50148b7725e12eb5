namespace PerfPortal.Benchmarks.Workload.Models;

/// <summary>A model to generate and serve.</summary>
/// <param name="Repository">The repository, as <c>owner/name</c>.</param>
/// <param name="Format">The format of the weights.</param>
/// <param name="SizeBytes">The bytes of the weights with 16 bits each, about; the smallest model has about 170 KB.</param>
internal sealed record ServedModel(string Repository, ModelFormat Format, long SizeBytes)
{
    /// <summary>The number of files that safetensors are spread over, at least 1.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>The version: another one has other weights and another commit.</summary>
    public int Version { get; init; } = 1;
}

/// <summary>The format of a model's weights.</summary>
internal enum ModelFormat
{
    /// <summary>Safetensors, with an index when there are several files.</summary>
    Safetensors,

    /// <summary>One GGUF file.</summary>
    Gguf,
}
