namespace PerfPortal.Server.Storage;

/// <summary>Patterns for LIKE in T-SQL.</summary>
internal static class LikePattern
{
    /// <summary>
    /// Returns the pattern of all texts that contain a text. Wildcards in it are escaped by brackets, which need no ESCAPE clause: some engines compatible with SQL Server
    /// handle that clause differently.
    /// </summary>
    public static string Contains(string text) =>
        "%" + text.Replace("[", "[[]", StringComparison.Ordinal).Replace("%", "[%]", StringComparison.Ordinal).Replace("_", "[_]", StringComparison.Ordinal) + "%";
}
