namespace PerfPortal.Domain.Models.Downloads.Files;

/// <summary>Identifies the start of the machine: what a killed process wrote is still there until the machine starts again.</summary>
internal static class BootId
{
    private const string Source = "/proc/sys/kernel/random/boot_id";

    /// <summary>The id, or <see langword="null"/> where the system has none.</summary>
    public static string? Current { get; } = Read();

    private static string? Read()
    {
        try
        {
            return File.Exists(Source) ? File.ReadAllText(Source).Trim() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
