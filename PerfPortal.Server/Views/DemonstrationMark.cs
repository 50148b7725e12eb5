using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Views;

/// <summary>Records whether the source of the demonstration data holds that data, and who loaded or removed it: somebody's own source may have the same name.</summary>
internal sealed class DemonstrationMark(EfSettingStore settings, NameDirectory directory)
{
    /// <summary>The source of the data.</summary>
    public const string Source = "demo";

    private const string Key = "demonstration";
    private const string Loaded = "\"loaded\"";
    private const string Removed = "\"removed\"";

    private bool? _isSet;

    /// <summary>Returns whether the data is loaded.</summary>
    public async ValueTask<bool> IsLoadedAsync(CancellationToken cancellationToken) =>
        directory.Sources.Find(Source) is not null && (_isSet ??= (await settings.ReadAsync(Key, cancellationToken).ConfigureAwait(false))?.Value == Loaded);

    /// <summary>Returns whether figures of a source include the data.</summary>
    /// <param name="source">The source; <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async ValueTask<bool> IsInAsync(string? source, CancellationToken cancellationToken) =>
        source is null or Source && await IsLoadedAsync(cancellationToken).ConfigureAwait(false);

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
