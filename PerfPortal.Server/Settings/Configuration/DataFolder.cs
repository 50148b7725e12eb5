using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Settings.Configuration;

/// <summary>Finds out before the start whether the data directory can be used.</summary>
internal static class DataFolder
{
    /// <summary>Creates the folder, writes a file in it and removes that again.</summary>
    /// <returns>The absolute path; whatever went wrong is added to the mistakes.</returns>
    public static string Prepare(string contentRoot, SettingValues values)
    {
        string given = values.Text(SettingsCatalog.DataDirectory) ?? SettingsCatalog.DataDirectory.Default!;
        try
        {
            string path = Path.GetFullPath(given, Path.GetFullPath(contentRoot));
            Directory.CreateDirectory(path);
            string probe = Path.Combine(path, ".write-" + Path.GetRandomFileName());
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }

            return path;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            values.Errors.Add($"{SettingsCatalog.DataDirectory.Key} is \"{given}\", where the portal cannot write: {problem.Message}");
            return given;
        }
    }
}
