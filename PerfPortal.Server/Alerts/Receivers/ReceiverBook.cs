using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Guard;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Alerts.Receivers;

/// <summary>How the storing of a receiver ended.</summary>
internal enum SaveOutcome
{
    /// <summary>It is stored.</summary>
    Saved,

    /// <summary>It is not valid.</summary>
    Invalid,

    /// <summary>There are <see cref="AlertReceiver.MaxReceivers"/> receivers.</summary>
    Full,

    /// <summary>Another change came first.</summary>
    Lost,
}

/// <summary>Keeps receivers: lists, adds, changes and removes them, and keeps their secrets apart. Thread-safe.</summary>
internal sealed class ReceiverBook(IDeliveryStore store, ReceiverVault vault, TargetGuard guard) : IDisposable
{
    private const int LongPart = 16;
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Returns all receivers by name.</summary>
    public async Task<IReadOnlyList<AlertReceiver>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await store.ReadReceiversAsync(cancellationToken).ConfigureAwait(false)).OrderBy(receiver => receiver.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Returns a receiver, or <see langword="null"/>.</summary>
    public async Task<AlertReceiver?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await store.ReadReceiversAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(receiver => receiver.Id == id);

    /// <summary>Deletes a receiver with its messages; whether it existed.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => store.DeleteReceiverAsync(id, cancellationToken);

    /// <summary>Stores a receiver.</summary>
    /// <param name="draft">The receiver.</param>
    /// <param name="existing">The receiver that it replaces; <see langword="null"/> for a new one.</param>
    /// <param name="errors">Receives what is wrong with it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<(SaveOutcome Outcome, AlertReceiver? Receiver)> SaveAsync(
        ReceiverDraft draft, AlertReceiver? existing, List<ValidationError> errors, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var all = await store.ReadReceiversAsync(cancellationToken).ConfigureAwait(false);
            if (existing is null && all.Count >= AlertReceiver.MaxReceivers)
            {
                return (SaveOutcome.Full, null);
            }

            if (all.Any(other => other.Id != existing?.Id && other.Name.Equals(draft.Receiver.Name, StringComparison.OrdinalIgnoreCase)))
            {
                errors.Add(new($"name is taken: there is another receiver with the name {draft.Receiver.Name}.", "/name"));
            }

            await CheckTargetAsync(draft, errors, cancellationToken).ConfigureAwait(false);
            if (errors.Count > 0)
            {
                return (SaveOutcome.Invalid, null);
            }

            string id = existing?.Id ?? Guid.NewGuid().ToString("N");
            var known = existing is null ? ReceiverSecret.None : await vault.ReadAsync(store, existing, cancellationToken).ConfigureAwait(false) ?? ReceiverSecret.None;
            var (receiver, secret) = Merge(draft, existing, known);
            if (receiver.Kind != ReceiverKind.Email && receiver.Url is null && secret.Url is null)
            {
                errors.Add(new("url is missing: the stored one cannot be decrypted any more. Enter it again.", "/url"));
                return (SaveOutcome.Invalid, null);
            }

            receiver = receiver with { Id = id };
            bool isSaved = await store.SaveReceiverAsync(receiver, vault.Protect(id, secret), existing?.Version ?? 0, cancellationToken).ConfigureAwait(false);
            return isSaved ? (SaveOutcome.Saved, receiver with { Version = (existing?.Version ?? 0) + 1, HasSecret = !secret.IsEmpty }) : (SaveOutcome.Lost, null);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task CheckTargetAsync(ReceiverDraft draft, List<ValidationError> errors, CancellationToken cancellationToken)
    {
        if (draft.Url is { } url && await guard.ExplainAsync(new Uri(url).IdnHost, cancellationToken).ConfigureAwait(false) is { } reason)
        {
            errors.Add(new($"url is not accepted: {reason}", "/url"));
        }

        if (draft.Receiver.Email is { } email && await guard.ExplainAsync(email.Host, cancellationToken).ConfigureAwait(false) is { } mailReason)
        {
            errors.Add(new($"smtp_host is not accepted: {mailReason}", "/smtp_host"));
        }
    }

    private static (AlertReceiver Receiver, ReceiverSecret Secret) Merge(ReceiverDraft draft, AlertReceiver? existing, ReceiverSecret known)
    {
        var given = draft.Url is null ? null : new Uri(draft.Url);
        bool isSecret = given is null ? known.Url is not null : IsSecret(draft.Receiver.Kind, given);
        var secret = new ReceiverSecret
        {
            Url = !isSecret ? null : given?.AbsoluteUri ?? known.Url,
            Secret = Choose(draft.Secret, known.Secret),
            Token = Choose(draft.Token, known.Token),
        };
        var receiver = draft.Receiver with
        {
            Url = isSecret ? null : given ?? existing?.Url,
            MaskedUrl = !isSecret ? null : given is null ? existing?.MaskedUrl : $"{given.GetLeftPart(UriPartial.Authority)}/…",
            Secrets = [.. NamesOf(secret)],
        };
        return (receiver, secret);
    }

    private static bool IsSecret(ReceiverKind kind, Uri url) =>
        kind is ReceiverKind.Slack or ReceiverKind.Teams || url.Query.Length > 1 || url.AbsolutePath.Split('/').Any(part => part.Length >= LongPart);

    private static string? Choose(string? given, string? known) => given is null ? known : given.Length == 0 ? null : given;

    private static IEnumerable<string> NamesOf(ReceiverSecret secret)
    {
        if (secret.Url is not null)
        {
            yield return "url";
        }

        if (secret.Secret is not null)
        {
            yield return "secret";
        }

        if (secret.Token is not null)
        {
            yield return "bearer_token";
        }
    }
}
