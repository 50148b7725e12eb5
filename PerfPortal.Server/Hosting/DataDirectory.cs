using PerfPortal.Domain.Settings;
using PerfPortal.Server.Models;
using PerfPortal.Server.Security;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// Keeps other users out of the data directory. One that the portal creates has the mode 0700. An existing one gets it too if it belongs to the portal's user, as far as
/// the owner is known, and contains nothing else; otherwise it may be a home directory or a shared one, and a warning is logged.
/// </summary>
internal static class DataDirectory
{
    /// <summary>Tightens the mode of the directory, or logs why not.</summary>
    public static void Secure(PortalOptions options, ILogger logger)
    {
        string path = options.DataDirectory;
        try
        {
            if (!PrivateFiles.IsOpenToOthers(path))
            {
                return;
            }

            string? other = Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)!).FirstOrDefault(entry => !IsOwn(entry, options));
            if (other is null && PrivateFiles.Tighten(path))
            {
                logger.LogInformation("Other users could list {Directory}; its mode is now 0700.", path);
                return;
            }

            logger.LogWarning(
                "Other users can list {Directory}, which {Reason}; its mode is not changed, and only the portal's files are private. Set {Setting} to a directory used only by the portal.",
                path, Why(other, FileOwner.IsOurs(path), FileOwner.NameOf(path)), SettingsCatalog.DataDirectory.Key);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("Could not check whether other users can list {Directory}: {Reason}", path, exception.Message);
        }
    }

    /// <summary>Says why the mode was not changed; the owner is unknown on other systems than Linux.</summary>
    internal static string Why(string? other, bool? isOurs, string? owner) =>
        other is not null ? $"also contains {other}" : isOurs == false ? $"belongs to {owner}" : "cannot be made private by the portal's user";

    private static bool IsOwn(string entry, PortalOptions options) =>
        entry is PortalAccess.KeysFolder or ModelPlaces.StateFolder or "lost+found"
        || entry.StartsWith(".write-", StringComparison.Ordinal)
        || entry.StartsWith(options.Database.Provider == DatabaseProvider.Sqlite ? Path.GetFileName(StorageSetup.PathOf(options)) : StorageSetup.FileName, StringComparison.Ordinal);
}
