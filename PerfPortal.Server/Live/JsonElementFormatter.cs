using System.Text.Json;
using MessagePack;
using MessagePack.Formatters;

namespace PerfPortal.Server.Live;

/// <summary>Writes JSON as MessagePack, so that messages have the same members as in the JSON protocol.</summary>
internal sealed class JsonElementFormatter : IMessagePackFormatter<JsonElement>
{
    /// <inheritdoc/>
    public void Serialize(ref MessagePackWriter writer, JsonElement value, MessagePackSerializerOptions options) =>
        MessagePackSerializer.ConvertFromJson(value.GetRawText(), ref writer, options);

    /// <inheritdoc/>
    public JsonElement Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => throw new NotSupportedException();
}
