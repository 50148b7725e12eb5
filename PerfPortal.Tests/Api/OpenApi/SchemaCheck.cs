using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Tests.Api.OpenApi;

/// <summary>Compares JSON values with schemas of a document, as far as the document uses JSON Schema. A member that the schema does not name is a mistake.</summary>
internal static class SchemaCheck
{
    public static IReadOnlyList<string> Mistakes(Contract contract, JsonElement schema, JsonElement value, string at = "")
    {
        schema = contract.Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var tried = choices.EnumerateArray().Select(choice => Mistakes(contract, choice, value, at)).ToList();
            int matching = tried.Count(mistakes => mistakes.Count == 0);
            return matching == 1 ? [] : [$"{at} matches {matching} of its choices", .. tried.Where(mistakes => mistakes.Count > 0).SelectMany(mistakes => mistakes)];
        }

        var types = Contract.TypesOf(schema);
        if (types.Count > 0 && !types.Any(type => IsOf(type, value)))
        {
            return [$"{at} is {value.ValueKind}, not {string.Join(" or ", types)}"];
        }

        var found = new List<string>();
        if (schema.TryGetProperty("enum", out var names) && !names.EnumerateArray().Any(name => JsonElement.DeepEquals(name, value)))
        {
            found.Add($"{at} is {value.GetRawText()}, which is not among the choices");
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                found.AddRange(OfObject(contract, schema, value, at));
                break;
            case JsonValueKind.Array:
                found.AddRange(OfArray(contract, schema, value, at));
                break;
            case JsonValueKind.String:
                found.AddRange(OfText(schema, value.GetString()!, at));
                break;
            case JsonValueKind.Number when Limit(schema, "minimum") > value.GetDouble() || Limit(schema, "maximum") < value.GetDouble():
                found.Add($"{at} is {value.GetRawText()}, beyond its bounds");
                break;
        }

        return found;
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "string" => value.ValueKind == JsonValueKind.String,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };

    private static IEnumerable<string> OfObject(Contract contract, JsonElement schema, JsonElement value, string at)
    {
        var members = contract.Members(schema, "properties");
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)))
            {
                yield return $"{at}/{name.GetString()} is missing";
            }
        }

        if (Limit(schema, "maxProperties") < value.EnumerateObject().Count())
        {
            yield return $"{at} has too many members";
        }

        bool isOpen = schema.TryGetProperty("additionalProperties", out var others);
        foreach (var member in value.EnumerateObject())
        {
            string place = $"{at}/{member.Name}";
            if (!members.TryGetValue(member.Name, out var inner) && !isOpen)
            {
                yield return $"{place} is not in the schema";
                continue;
            }

            foreach (string mistake in Mistakes(contract, members.ContainsKey(member.Name) ? inner : others, member.Value, place))
            {
                yield return mistake;
            }
        }
    }

    private static IEnumerable<string> OfArray(Contract contract, JsonElement schema, JsonElement value, string at)
    {
        if (Limit(schema, "minItems") > value.GetArrayLength() || Limit(schema, "maxItems") < value.GetArrayLength())
        {
            yield return $"{at} has {value.GetArrayLength()} items";
        }

        int index = 0;
        foreach (var item in value.EnumerateArray())
        {
            foreach (string mistake in Mistakes(contract, schema.GetProperty("items"), item, string.Create(CultureInfo.InvariantCulture, $"{at}/{index}")))
            {
                yield return mistake;
            }

            index++;
        }
    }

    private static IEnumerable<string> OfText(JsonElement schema, string text, string at)
    {
        if (Limit(schema, "minLength") > text.Length || Limit(schema, "maxLength") < text.Length)
        {
            yield return $"{at} has {text.Length} characters";
        }

        if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            yield return $"{at} is {text}, which does not match {pattern.GetString()}";
        }

        bool isGood = !schema.TryGetProperty("format", out var format) || format.GetString() switch
        {
            "date-time" => Rfc3339.TryParse(text, out _),
            "uuid" => Guid.TryParseExact(text, "D", out _),
            _ => true,
        };
        if (!isGood)
        {
            yield return $"{at} is {text}, which is no {format.GetString()}";
        }
    }

    private static double? Limit(JsonElement schema, string name) => schema.TryGetProperty(name, out var limit) ? limit.GetDouble() : null;
}
