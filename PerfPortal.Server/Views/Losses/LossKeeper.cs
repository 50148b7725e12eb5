using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Views.Losses;

/// <summary>Keeps the losses across restarts, as one bounded document in the database. Thread-safe.</summary>
internal sealed class LossKeeper(LossBook book, EfSettingStore store, ILogger<LossKeeper> logger) : IDisposable
{
    /// <summary>The number of losses whose details are stored: the document is written whole at every change.</summary>
    public const int MaxDetails = 200;

    private const string Key = "losses";
    private const string Keeper = "portal";

    // Numbers of reasons, as they were stored before, are read too.
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter() } };

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _stored;
    private bool _isRead;

    /// <summary>Returns all losses, the latest first.</summary>
    public async ValueTask<IReadOnlyList<Loss>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!Volatile.Read(ref _isRead))
        {
            using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
            await EnsureReadAsync(cancellationToken).ConfigureAwait(false);
        }

        return book.All;
    }

    /// <summary>Records a loss, and returns it as it is recorded once it is stored.</summary>
    public async Task<Loss> TellAsync(Loss loss, CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken).ConfigureAwait(false);
        var told = book.Tell(loss);
        await StoreAsync(cancellationToken).ConfigureAwait(false);
        return told;
    }

    /// <summary>Forgets the losses of a source.</summary>
    /// <returns>Whether there were any.</returns>
    public async Task<bool> RemoveAsync(string source, CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken).ConfigureAwait(false);
        bool hadAny = book.Remove(source);
        await StoreAsync(cancellationToken).ConfigureAwait(false);
        return hadAny;
    }

    /// <summary>Forgets what ended before a time.</summary>
    public async Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken).ConfigureAwait(false);
        book.Purge(before);
        await StoreAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task EnsureReadAsync(CancellationToken cancellationToken)
    {
        if (_isRead)
        {
            return;
        }

        if (await store.ReadAsync(Key, cancellationToken).ConfigureAwait(false) is { } stored)
        {
            try
            {
                book.Restore(JsonSerializer.Deserialize<Loss[]>(stored.Value, Format)?.Where(loss => loss is { Source: not null }) ?? []);
            }
            catch (JsonException)
            {
                logger.LogWarning("The stored losses of reports cannot be read; they begin anew.");
            }
        }

        _stored = book.Version;
        Volatile.Write(ref _isRead, true);
    }

    /// <summary>Those who wait while another stores find that it has stored theirs too.</summary>
    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        long version = book.Version;
        if (version != _stored)
        {
            var kept = book.All.Select((loss, index) => index < MaxDetails ? loss : loss with { Detail = null });
            await store.ReplaceAsync(Key, JsonSerializer.Serialize(kept, Format), Keeper, CancellationToken.None).ConfigureAwait(false);
            _stored = version;
        }
    }

    private async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new(_turn);
    }

    private readonly struct Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
