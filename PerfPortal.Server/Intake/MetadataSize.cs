using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>
/// The size of metadata as the portal writes it. It is limited in addition to the size as sent, so that exported metadata is within the limit when it is imported.
/// </summary>
internal static class MetadataSize
{
    /// <summary>Returns the number of UTF-8 bytes as compact JSON; 0 for metadata that is certainly within the limit.</summary>
    public static int Of(Metadata metadata) => MayExceedLimit(metadata) ? JsonSerializer.SerializeToUtf8Bytes(metadata, WireJson.Options).Length : 0;

    private static bool MayExceedLimit(Metadata metadata)
    {
        // A character takes six bytes at most; a number and the punctuation of a member take fewer than 32.
        long most = 0;
        foreach (var (name, value) in metadata)
        {
            most += (6L * (name.Length + (value.Text?.Length ?? 0))) + 32;
        }

        return most > OperationLimits.MetadataBytes;
    }
}
