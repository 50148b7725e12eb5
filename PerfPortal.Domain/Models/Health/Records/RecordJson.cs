using System.Text.Json.Serialization;

namespace PerfPortal.Domain.Models.Health.Records;

[JsonSerializable(typeof(ModelRecord))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
internal sealed partial class RecordJson : JsonSerializerContext;
