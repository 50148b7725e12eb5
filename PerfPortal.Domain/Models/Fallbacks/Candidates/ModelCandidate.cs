namespace PerfPortal.Domain.Models.Fallbacks.Candidates;

/// <summary>A model that can answer, with the properties that are declared about it. What is not declared is <see langword="null"/>, never 0.</summary>
public sealed record ModelCandidate
{
    /// <summary>The unique name within its group, at most <see cref="CandidateLimits.NameCharacters"/> characters: what advice, operations and people call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, such as <c>text-generation</c>; any case.</summary>
    public required string Task { get; init; }

    /// <summary>The identity of the weights before quantization, such as <c>meta-llama/Llama-3.1-8B-Instruct</c>. Candidates that declare the same are the same model.</summary>
    public string? Model { get; init; }

    /// <summary>The family, such as <c>llama-3.1</c>.</summary>
    public string? Family { get; init; }

    /// <summary>The number of parameters, at least 1.</summary>
    public long? Parameters { get; init; }

    /// <summary>The quantization or number format, such as <c>Q4_K_M</c>, <c>awq</c> or <c>bf16</c>; see <see cref="QuantizationLevel"/>.</summary>
    public string? Quantization { get; init; }

    /// <summary>The mean bits per weight, above 0 and at most 64; otherwise that of <see cref="Quantization"/>.</summary>
    public double? BitsPerWeight { get; init; }

    /// <summary>How well the quantization preserves the model, 0–1, where it was measured; otherwise that of <see cref="Quantization"/>.</summary>
    public double? Fidelity { get; init; }

    /// <summary>The context length in tokens, at least 1.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>The memory that it needs in bytes, at least 0; otherwise estimated: see <see cref="MemoryNeed"/>.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The licence, as an SPDX identifier or the name that the publisher gives it.</summary>
    public string? Licence { get; init; }

    /// <summary>What it takes and gives, such as <c>text</c> and <c>image</c>.</summary>
    public TextSet Modalities { get; init; } = TextSet.Empty;

    /// <summary>Where it answers, absolute and without credentials; <see langword="null"/> for a model that this process loads.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Whether it is in memory already, so that using it needs no more.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>Which memory it can use.</summary>
    public MemoryPlace Place { get; init; } = MemoryPlace.Any;

    /// <summary>Over how many GPUs it is split, at least 1.</summary>
    public int GpuCount { get; init; } = 1;

    /// <summary>Whether it runs on this host: without an endpoint, or with one on loopback.</summary>
    public bool IsLocal => Endpoint is null || (Endpoint.IsAbsoluteUri && Endpoint.IsLoopback);

    /// <summary>The quantization's published figures; <see langword="null"/> when it is not declared or not known.</summary>
    internal QuantizationLevel? Level => QuantizationLevel.Find(Quantization);
}

/// <summary>The memory that a model can use.</summary>
public enum MemoryPlace
{
    /// <summary>GPU memory if it fits there, otherwise the host's memory.</summary>
    Any,

    /// <summary>Only GPU memory.</summary>
    Gpu,

    /// <summary>Only the host's memory.</summary>
    Host,
}
