using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PerfPortal.Tests.Api.OpenApi;

/// <summary>A body that differs from an example in one member.</summary>
/// <param name="Pointer">The member, as a JSON pointer.</param>
/// <param name="Body">The body.</param>
/// <param name="IsGood">Whether its schema allows it.</param>
internal sealed record BodyVariant(string Pointer, JsonNode Body, bool IsGood);

/// <summary>Changes an example at the limits of its schema.</summary>
internal static class BodyVariants
{
    /// <summary>Every change of one member that is just within, or just beyond, a limit.</summary>
    public static IEnumerable<BodyVariant> Of(Contract contract, JsonElement schema, JsonElement example) =>
        Of(contract, contract.Resolve(schema), "", member => With(example, member));

    private static IEnumerable<BodyVariant> Of(Contract contract, JsonElement schema, string at, Func<Action<JsonObject>, JsonNode> change)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (string name in required.EnumerateArray().Select(item => item.GetString()!))
            {
                yield return new($"{at}/{name}", change(body => body.Remove(name)), IsGood: false);
            }
        }

        foreach (var (name, raw) in contract.Members(schema, "properties"))
        {
            var member = raw.TryGetProperty("oneOf", out var choices) ? contract.Resolve(choices.EnumerateArray().Last()) : raw;
            foreach (var (value, isGood) in Values(contract, member))
            {
                yield return new($"{at}/{name}", change(body => body[name] = value?.DeepClone()), isGood);
            }

            if (member.TryGetProperty("properties", out _))
            {
                var minimal = Minimal(contract, member);
                foreach (var inner in Of(contract, member, $"{at}/{name}", action => change(body =>
                {
                    var nested = (JsonObject)minimal.DeepClone();
                    action(nested);
                    body[name] = nested;
                })))
                {
                    yield return inner;
                }
            }
        }
    }

    private static IEnumerable<(JsonNode? Value, bool IsGood)> Values(Contract contract, JsonElement schema)
    {
        var types = Contract.TypesOf(schema);
        if (types.Count > 0)
        {
            // A number is a valid time, in Unix seconds or milliseconds, although documented as a string.
            bool isTime = schema.TryGetProperty("format", out var kind) && kind.GetString() == "date-time";
            yield return (isTime ? JsonValue.Create(true) : types[^1] == "string" ? JsonValue.Create(17) : JsonValue.Create("\u0001"), false);
        }

        if (schema.TryGetProperty("minimum", out var min))
        {
            yield return (JsonNode.Parse(min.GetRawText()), true);
            yield return (JsonValue.Create(min.GetDouble() - 0.5), false);
        }

        if (schema.TryGetProperty("maximum", out var max))
        {
            yield return (JsonNode.Parse(max.GetRawText()), true);
            yield return (JsonValue.Create((max.GetDouble() * 1.01) + 0.5), false);
        }

        if (schema.TryGetProperty("maxLength", out var length))
        {
            yield return (JsonValue.Create(new string('x', length.GetInt32())), true);
            yield return (JsonValue.Create(new string('x', length.GetInt32() + 1)), false);
        }

        if (schema.TryGetProperty("minLength", out _))
        {
            yield return (JsonValue.Create(""), false);
        }

        if (schema.TryGetProperty("pattern", out _))
        {
            yield return (JsonValue.Create("zz"), false);
        }

        if (schema.TryGetProperty("enum", out _))
        {
            yield return (JsonValue.Create("nonsense"), false);
        }

        if (schema.TryGetProperty("format", out var format) && format.GetString() is "date-time" or "uuid")
        {
            yield return (JsonValue.Create("soon"), false);
        }

        if (schema.TryGetProperty("maxProperties", out var members))
        {
            yield return (Members(members.GetInt32()), true);
            yield return (Members(members.GetInt32() + 1), false);
        }

        if (schema.TryGetProperty("maxItems", out var items))
        {
            var item = contract.Resolve(schema.GetProperty("items"));
            yield return (Items(contract, item, items.GetInt32()), true);
            yield return (Items(contract, item, items.GetInt32() + 1), false);
        }
    }

    private static JsonObject Members(int count) =>
        new(Enumerable.Range(0, count).Select(i => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"member_{i}"), (JsonNode?)JsonValue.Create(1.5))));

    private static JsonArray Items(Contract contract, JsonElement item, int count) =>
        new([.. Enumerable.Range(0, count).Select(_ => item.TryGetProperty("properties", out var _) ? Minimal(contract, item) : (JsonNode)JsonValue.Create(1.5))]);

    /// <summary>An object with its required members only.</summary>
    private static JsonObject Minimal(Contract contract, JsonElement schema)
    {
        var body = new JsonObject();
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (string name in required.EnumerateArray().Select(item => item.GetString()!))
            {
                body[name] = Contract.TypesOf(contract.Members(schema, "properties")[name])[0] == "string" ? JsonValue.Create("x") : JsonValue.Create(1);
            }
        }

        return body;
    }

    private static JsonObject With(JsonElement example, Action<JsonObject> change)
    {
        var body = JsonNode.Parse(example.GetRawText())!.AsObject();
        change(body);
        return body;
    }
}
