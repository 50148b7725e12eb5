using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>Divides the alerts of a receiver into groups that share messages, and names groups and messages.</summary>
public static class AlertGroups
{
    /// <summary>The labels whose values make the group of an alert, with their values; labels that it lacks are left out.</summary>
    public static SortedDictionary<string, string> LabelsOf(AlertReceiver receiver, IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(labels);
        var group = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (receiver.Kind != ReceiverKind.Alertmanager)
        {
            foreach (string name in receiver.GroupBy)
            {
                if (labels.TryGetValue(name, out string? value))
                {
                    group[name] = value;
                }
            }
        }

        return group;
    }

    /// <summary>The key of a group of a receiver: 32 hexadecimal digits.</summary>
    public static string KeyOf(AlertReceiver receiver, IReadOnlyDictionary<string, string> groupLabels)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(groupLabels);
        return Hash([receiver.Id, .. groupLabels.OrderBy(label => label.Key, StringComparer.Ordinal).SelectMany(label => new[] { label.Key, label.Value })]);
    }

    /// <summary>The key of the digests of a receiver: 32 hexadecimal digits.</summary>
    public static string DigestKeyOf(AlertReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        return Hash([receiver.Id, "digest"]);
    }

    /// <summary>The key of a message about a group: 32 hexadecimal digits.</summary>
    public static string MessageKey(string receiverId, string groupKey, DateTimeOffset composedAt) =>
        Hash([receiverId, groupKey, composedAt.ToMicroseconds().ToString(CultureInfo.InvariantCulture), "message"]);

    // The length of each part keeps parts apart that contain the separator.
    private static string Hash(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => FormattableString.Invariant($"{part.Length}:{part}"))))).AsSpan(0, 16));
}
