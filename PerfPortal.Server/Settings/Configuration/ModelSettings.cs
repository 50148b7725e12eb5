using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Settings.Configuration;

/// <summary>Reads the settings of the models of this host. Directories that do not exist are no error: a disk may be mounted later.</summary>
internal static class ModelSettings
{
    public static ModelOptions Read(SettingValues values, string root)
    {
        string[] directories =
        [
            .. values.Items(SettingsCatalog.ModelDirectories).Select(item => Resolve(values, SettingsCatalog.ModelDirectories, item.Text, root)).OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];
        if (directories.Length > ModelOptions.MaxDirectories)
        {
            values.Errors.Add($"{SettingsCatalog.ModelDirectories.Key} has {directories.Length} directories; the maximum is {ModelOptions.MaxDirectories}.");
        }

        string? token = values.Text(SettingsCatalog.HubToken);
        if (token?.Length > SettingsCatalog.HubToken.Max || token?.All(c => c is > ' ' and < '\x7f') == false)
        {
            values.Errors.Add($"{SettingsCatalog.HubToken.Key} must consist of at most {SettingsCatalog.HubToken.Max} printable ASCII characters without spaces because it is sent in a header.");
        }

        return new()
        {
            Directories = directories,
            DownloadDirectory = values.Text(SettingsCatalog.ModelDownloadDirectory) is { } download ? Resolve(values, SettingsCatalog.ModelDownloadDirectory, download, root) : null,
            AllowPrivateSources = values.OptionalFlag(SettingsCatalog.AllowPrivateSources),
            HubUrl = values.Url(SettingsCatalog.HubUrl) ?? new(SettingsCatalog.HubUrl.Default!),
            HubToken = token,
            MaxDownloadMbPerSecond = values.Number(SettingsCatalog.MaxDownloadMbPerSecond),
            MaxCheckMbPerSecond = values.Number(SettingsCatalog.MaxCheckMbPerSecond),
        };
    }

    private static string? Resolve(SettingValues values, SettingInfo info, string path, string root)
    {
        string trimmed = path.Trim();
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length > 0 && (trimmed == "~" || trimmed.StartsWith("~/", StringComparison.Ordinal)))
        {
            trimmed = home + trimmed[1..];
        }

        if (trimmed.Length is 0 or > 4096 || trimmed.Contains('\0', StringComparison.Ordinal))
        {
            values.Errors.Add($"{info.Key} has a path of {trimmed.Length} characters; 1 to 4096 without NUL are accepted.");
            return null;
        }

        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(trimmed, root));
    }
}
