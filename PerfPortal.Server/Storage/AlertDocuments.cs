using System.Text.Json;
using System.Text.Json.Serialization;

namespace PerfPortal.Server.Storage;

/// <summary>Writes rules, alerts, silences, receivers and messages as the JSON documents in which they are stored.</summary>
internal static class AlertDocuments
{
    private static readonly JsonSerializerOptions Options = new()
    {
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string document) =>
        JsonSerializer.Deserialize<T>(document, Options) ?? throw new InvalidDataException($"A stored {typeof(T).Name} is empty.");
}
