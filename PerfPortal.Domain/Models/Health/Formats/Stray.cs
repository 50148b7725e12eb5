namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>What is often found in place of a file that was never really downloaded.</summary>
internal static class Stray
{
    /// <summary>What the file is instead, in one sentence; <see langword="null"/> for anything else.</summary>
    /// <param name="first">Its first bytes, 32 if it has so many.</param>
    public static string? Find(ReadOnlySpan<byte> first) =>
        first.StartsWith("version https://git-lfs"u8) ? "The file is only a pointer of Git LFS; its content was never downloaded."
        : first.StartsWith("<!DOCTYPE html"u8) || first.StartsWith("<!doctype html"u8) || first.StartsWith("<html"u8) ? "The file is a web page, such as an error or a login page, instead of the content."
        : null;
}
