namespace PerfPortal.Domain.Models.Fallbacks.Candidates;

/// <summary>The limits of groups and candidates.</summary>
public static class CandidateLimits
{
    /// <summary>The maximum length of the name of a group or candidate, and of every other text, in characters.</summary>
    public const int NameCharacters = 200;

    /// <summary>The maximum number of candidates in a group, beside the wanted model.</summary>
    public const int Candidates = 64;

    /// <summary>The maximum number of GPUs that a model is split over.</summary>
    public const int Gpus = 64;

    private const double MaxBits = 64;

    /// <summary>Returns what is wrong with a candidate, with the property and the limit; <see langword="null"/> when it is valid.</summary>
    public static string? Check(ModelCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return CheckName("Name", candidate.Name) ?? CheckName("Task", candidate.Task)
            ?? CheckText("Model", candidate.Model) ?? CheckText("Family", candidate.Family)
            ?? CheckText("Quantization", candidate.Quantization) ?? CheckText("Licence", candidate.Licence)
            ?? CheckNumbers(candidate) ?? CheckEndpoint(candidate.Endpoint);
    }

    /// <summary>Returns what is wrong with a required name; <see langword="null"/> when it is valid.</summary>
    internal static string? CheckName(string property, string? name) =>
        string.IsNullOrWhiteSpace(name) ? $"{property} is missing." : CheckText(property, name);

    private static string? CheckText(string property, string? text) =>
        text?.Length > NameCharacters ? $"{property} must have at most {NameCharacters} characters." : null;

    private static string? CheckNumbers(ModelCandidate candidate) =>
        candidate.Parameters < 1 ? "Parameters must be at least 1."
        : candidate.ContextTokens < 1 ? "ContextTokens must be at least 1."
        : candidate.MemoryBytes < 0 ? "MemoryBytes must be at least 0."
        : candidate.BitsPerWeight is { } bits && !(bits > 0 && bits <= MaxBits) ? "BitsPerWeight must be above 0 and at most 64."
        : candidate.Fidelity is { } fidelity && !(fidelity >= 0 && fidelity <= 1) ? "Fidelity must be from 0 to 1."
        : candidate.GpuCount is < 1 or > Gpus ? $"GpuCount must be from 1 to {Gpus}."
        : null;

    private static string? CheckEndpoint(Uri? endpoint) =>
        endpoint is null ? null
        : !endpoint.IsAbsoluteUri ? "Endpoint must be an absolute address."
        : endpoint.UserInfo.Length > 0 ? "Endpoint must not contain credentials, which would be shown and logged."
        : null;
}
