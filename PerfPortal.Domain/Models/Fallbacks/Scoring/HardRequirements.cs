using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Fallbacks.Scoring;

/// <summary>What excludes a candidate, whatever its score would be.</summary>
internal static class HardRequirements
{
    /// <summary>Returns the first requirement that a candidate does not fulfil, as a sentence; <see langword="null"/> when it fulfils all.</summary>
    public static string? Check(ModelCandidate wanted, ModelCandidate candidate, FallbackRequest request)
    {
        string task = request.Task ?? wanted.Task;
        return request.Except.Contains(candidate.Name) ? "The request leaves it out."
            : !string.Equals(task, candidate.Task, StringComparison.OrdinalIgnoreCase) ? $"Its task is {candidate.Task}, and {task} is needed."
            : request.MustBeLocal && !candidate.IsLocal ? $"It answers at {candidate.Endpoint!.Host}, and nothing may leave this host."
            : CheckContext(candidate, request) ?? CheckLicence(candidate, request) ?? CheckMemory(candidate, request) ?? CheckModalities(candidate, request);
    }

    private static string? CheckContext(ModelCandidate candidate, FallbackRequest request) =>
        request.MinContextTokens is not { } needed || candidate.ContextTokens >= needed ? null
        : candidate.ContextTokens is { } tokens ? $"Its context has {Format.Count(tokens)} tokens, and {Format.Count(needed)} are needed."
        : $"It does not declare its context length, and {Format.Count(needed)} tokens are needed.";

    private static string? CheckLicence(ModelCandidate candidate, FallbackRequest request) =>
        request.AllowedLicences.Count == 0 || (candidate.Licence is not null && request.AllowedLicences.Contains(candidate.Licence.Trim())) ? null
        : candidate.Licence is null ? $"It does not declare its licence; allowed are {request.AllowedLicences}."
        : $"Its licence is {candidate.Licence}; allowed are {request.AllowedLicences}.";

    private static string? CheckMemory(ModelCandidate candidate, FallbackRequest request)
    {
        if (request.MaxMemoryBytes is not { } max || !candidate.IsLocal)
        {
            return null;
        }

        return MemoryNeed.Of(candidate) is not { } need ? $"It does not declare what its memory need can be told from, and at most {Format.Bytes(max)} are allowed."
            : need.Bytes > max ? $"It needs {need.Text} of memory, and at most {Format.Bytes(max)} are allowed."
            : null;
    }

    private static string? CheckModalities(ModelCandidate candidate, FallbackRequest request)
    {
        string[] missing = [.. request.Modalities.Without(candidate.Modalities)];
        return missing.Length == 0 ? null : $"It does not declare {string.Join(", ", missing)}, which is needed.";
    }
}
