using PerfPortal.Domain.Settings;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Settings.Configuration;

/// <summary>Checks at startup that the data directory is writable.</summary>
internal static class DataFolder
{
    /// <summary>Creates the directory, then creates and deletes a test file in it.</summary>
    /// <returns>The absolute path. A failure is added to the errors of <paramref name="values"/>.</returns>
    public static string Prepare(string contentRoot, SettingValues values)
    {
        string given = values.Text(SettingsCatalog.DataDirectory) ?? SettingsCatalog.DataDirectory.Default!;
        try
        {
            string path = Path.GetFullPath(given, Path.GetFullPath(contentRoot));
            if (FileAccessProblem.ExplainDirectory(path) is { } objection)
            {
                values.Errors.Add($"{SettingsCatalog.DataDirectory.Key} is \"{given}\", which is not writable: {objection}");
                return path;
            }

            PrivateFiles.CreateDirectory(path);
            string probe = Path.Combine(path, ".write-" + Path.GetRandomFileName());
            PrivateFiles.Open(probe, FileMode.CreateNew, FileOptions.DeleteOnClose).Dispose();
            return path;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            values.Errors.Add($"{SettingsCatalog.DataDirectory.Key} is \"{given}\", which is not writable: {problem.Message}");
            return given;
        }
    }
}
