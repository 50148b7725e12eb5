using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Receivers;

/// <summary>Encrypts the secrets of receivers with the data protection keys, each for its receiver only.</summary>
internal sealed class ReceiverVault(IDataProtectionProvider protection)
{
    private const string Purpose = "PerfPortal.Alerts.Receivers.v1";

    /// <summary>The text for a secret that cannot be read any more.</summary>
    public const string Unreadable = "The stored secret cannot be decrypted: the key that encrypted it is missing from the data directory. Enter the secret again.";

    /// <summary>Encrypts secrets; empty when there are none.</summary>
    public byte[] Protect(string receiverId, ReceiverSecret secret) =>
        secret.IsEmpty ? [] : Protector(receiverId).Protect(JsonSerializer.SerializeToUtf8Bytes(secret));

    /// <summary>Decrypts stored secrets; <see langword="null"/> when that is not possible.</summary>
    public ReceiverSecret? Unprotect(string receiverId, byte[]? stored)
    {
        if (stored is null or { Length: 0 })
        {
            return ReceiverSecret.None;
        }

        try
        {
            return JsonSerializer.Deserialize<ReceiverSecret>(Protector(receiverId).Unprotect(stored));
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads the secrets of a receiver; <see langword="null"/> when they cannot be decrypted.</summary>
    public async Task<ReceiverSecret?> ReadAsync(IDeliveryStore store, AlertReceiver receiver, CancellationToken cancellationToken) =>
        receiver.HasSecret ? Unprotect(receiver.Id, await store.ReadSecretAsync(receiver.Id, cancellationToken).ConfigureAwait(false)) : ReceiverSecret.None;

    private IDataProtector Protector(string receiverId) => protection.CreateProtector(Purpose, receiverId);
}
