using System.Text.Json.Serialization;

namespace PerfPortal.Domain.Models.Downloads.Hub;

/// <summary>What <c>/api/models/REPOSITORY/revision/REVISION</c> answers, as far as it is used.</summary>
internal sealed record HubRevision(string? Sha);

/// <summary>An entry of <c>/api/models/REPOSITORY/tree/COMMIT</c>.</summary>
/// <param name="Type"><c>file</c> or <c>directory</c>.</param>
/// <param name="Path">The path in the repository.</param>
/// <param name="Oid">The Git id of the blob; for a large file that of its pointer.</param>
/// <param name="Size">The size of the content in bytes.</param>
/// <param name="Lfs">The content of a large file.</param>
internal sealed record HubEntry(string? Type, string? Path, string? Oid, long? Size, HubLargeFile? Lfs);

/// <summary>A large file.</summary>
/// <param name="Oid">The SHA-256 of the content.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record HubLargeFile(string? Oid, long? Size);

/// <summary>The format of the answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HubRevision))]
[JsonSerializable(typeof(HubEntry[]))]
internal sealed partial class HubJson : JsonSerializerContext;
