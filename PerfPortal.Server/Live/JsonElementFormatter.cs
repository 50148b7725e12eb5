using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using MessagePack;
using MessagePack.Formatters;

namespace PerfPortal.Server.Live;

/// <summary>
/// Writes JSON as MessagePack, so that messages have the same members as in the JSON protocol. An integer beyond 64 bits, which MessagePack cannot express,
/// becomes a string with its digits.
/// </summary>
internal sealed class JsonElementFormatter : IMessagePackFormatter<JsonElement>
{
    /// <inheritdoc/>
    public void Serialize(ref MessagePackWriter writer, JsonElement value, MessagePackSerializerOptions options) => Write(ref writer, value);

    /// <inheritdoc/>
    public JsonElement Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => throw new NotSupportedException();

    private static void Write(ref MessagePackWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteMapHeader(value.GetPropertyCount());
                foreach (var member in value.EnumerateObject())
                {
                    writer.Write(member.Name);
                    Write(ref writer, member.Value);
                }

                break;
            case JsonValueKind.Array:
                writer.WriteArrayHeader(value.GetArrayLength());
                foreach (var item in value.EnumerateArray())
                {
                    Write(ref writer, item);
                }

                break;
            case JsonValueKind.String:
                writer.Write(value.GetString());
                break;
            case JsonValueKind.Number:
                WriteNumber(ref writer, value);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Write(value.GetBoolean());
                break;
            default:
                writer.WriteNil();
                break;
        }
    }

    private static void WriteNumber(ref MessagePackWriter writer, JsonElement value)
    {
        if (value.TryGetInt64(out long whole))
        {
            writer.Write(whole);
        }
        else if (value.TryGetUInt64(out ulong large))
        {
            writer.Write(large);
        }
        else if (JsonMarshal.GetRawUtf8Value(value) is var text && text.IndexOfAny(".eE"u8) < 0)
        {
            writer.Write(Encoding.ASCII.GetString(text));
        }
        else
        {
            writer.Write(value.GetDouble());
        }
    }
}
