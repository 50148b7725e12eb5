using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Sources.Demonstration;

/// <summary>Records whether the source of the demonstration data holds that data, and who loaded or removed it: somebody's own source may have the same name.</summary>
internal sealed class DemonstrationMark(EfSettingStore settings)
{
    private const string Key = "demonstration";
    private const string Loaded = "\"loaded\"";
    private const string Removed = "\"removed\"";

    private bool? _isSet;

    /// <summary>Returns whether the data was loaded.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken) =>
        _isSet ??= (await settings.ReadAsync(Key, cancellationToken).ConfigureAwait(false))?.Value == Loaded;

    /// <summary>Records that the data is about to be loaded, or was removed.</summary>
    public async Task WriteAsync(bool isLoaded, string by, CancellationToken cancellationToken)
    {
        string value = isLoaded ? Loaded : Removed;
        var stored = await settings.ReadAsync(Key, cancellationToken).ConfigureAwait(false);
        if ((stored?.Value ?? Removed) != value)
        {
            await settings.WriteAsync(Key, stored?.Version ?? 0, value, by, cancellationToken).ConfigureAwait(false);
        }

        _isSet = isLoaded;
    }
}
