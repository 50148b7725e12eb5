namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>A file cannot be read on because of what it contains.</summary>
internal sealed class MalformedException(string kind, long offset, long? length, string sentence) : Exception(sentence)
{
    public string Kind { get; } = kind;

    public long Offset { get; } = offset;

    public long? Length { get; } = length;
}
