using System.Text.Json;

namespace PerfPortal.Tests.Api.OpenApi;

/// <summary>Compares the schemas of what clients send: everything that was allowed must stay allowed, with the same meaning.</summary>
internal static class RequestSchemas
{
    private static readonly string[] Minima = ["minimum", "minLength", "minItems", "minProperties"];
    private static readonly string[] Maxima = ["maximum", "maxLength", "maxItems", "maxProperties"];

    public static void Compare(Comparison comparison, JsonElement oldSchema, JsonElement newSchema)
    {
        if (comparison.Enter(oldSchema, newSchema) is not var (old, now))
        {
            return;
        }

        var oldChoices = Comparison.Choices(old);
        var newChoices = Comparison.Choices(now);
        if (oldChoices.Count > 1 || newChoices.Count > 1)
        {
            CompareChoices(comparison, oldChoices, newChoices);
            return;
        }

        var lost = Contract.TypesOf(now).Count == 0 ? [] : Contract.TypesOf(old).Except(Contract.TypesOf(now).Contains("number") ? [.. Contract.TypesOf(now), "integer"] : Contract.TypesOf(now)).ToList();
        comparison.Require(lost.Count == 0 && (Contract.TypesOf(now).Count == 0 || Contract.TypesOf(old).Count > 0), $"the type {string.Join(" or ", lost)} is no longer accepted.");
        CompareLimits(comparison, old, now);
        CompareMembers(comparison, old, now);
        if (old.TryGetProperty("items", out var oldItems) && now.TryGetProperty("items", out var newItems))
        {
            Compare(comparison.At("items"), oldItems, newItems);
        }
    }

    /// <summary>Each old choice must fit one of the new ones.</summary>
    private static void CompareChoices(Comparison comparison, IReadOnlyList<JsonElement> oldChoices, IReadOnlyList<JsonElement> newChoices)
    {
        foreach (var choice in oldChoices)
        {
            bool fits = newChoices.Any(candidate =>
            {
                var trial = new Comparison(comparison.Before, comparison.After, "", []);
                Compare(trial, choice, candidate);
                return trial.Found.Count == 0;
            });
            comparison.Require(fits, $"a choice is no longer accepted: {choice.GetRawText().ReplaceLineEndings("")}");
        }
    }

    private static void CompareLimits(Comparison comparison, JsonElement old, JsonElement now)
    {
        foreach (string name in Minima)
        {
            comparison.Require(!(Comparison.Limit(now, name) > (Comparison.Limit(old, name) ?? double.NegativeInfinity)), $"{name} is {Comparison.Limit(now, name)} instead of {Comparison.Limit(old, name)}.");
        }

        foreach (string name in Maxima)
        {
            comparison.Require(!(Comparison.Limit(now, name) < (Comparison.Limit(old, name) ?? double.PositiveInfinity)), $"{name} is {Comparison.Limit(now, name)} instead of {Comparison.Limit(old, name)}.");
        }

        foreach (string name in new[] { "pattern", "format" })
        {
            string? limit = TextOf(now, name);
            comparison.Require(limit is null || limit == TextOf(old, name) || name == "format" && IsWider(TextOf(old, name), limit), $"{name} is {limit} instead of {TextOf(old, name)}.");
        }

        var values = Comparison.Names(now, "enum");
        comparison.Require(values.Count == 0 || Comparison.Names(old, "enum").Count > 0, "only certain values are accepted now.");
        var lost = values.Count == 0 ? [] : Comparison.Names(old, "enum").Except(values);
        comparison.Require(!lost.Any(), $"the values {string.Join(", ", lost)} are no longer accepted.");
        comparison.Require(TextOf(old, "default") is not { } fallback || fallback == TextOf(now, "default"), $"the default is {TextOf(now, "default")} instead of {TextOf(old, "default")}.");
    }

    private static void CompareMembers(Comparison comparison, JsonElement old, JsonElement now)
    {
        var newRequired = Comparison.Names(now, "required").Except(Comparison.Names(old, "required"));
        comparison.Require(!newRequired.Any(), $"{string.Join(", ", newRequired)} is required now.");
        var after = now.TryGetProperty("properties", out var members) ? members : default;
        if (old.TryGetProperty("properties", out var before))
        {
            foreach (var member in before.EnumerateObject())
            {
                if (after.ValueKind == JsonValueKind.Object && after.TryGetProperty(member.Name, out var kept))
                {
                    Compare(comparison.At(member.Name), member.Value, kept);
                }
                else
                {
                    comparison.Require(false, $"the member {member.Name} is gone.");
                }
            }
        }

        if (old.TryGetProperty("additionalProperties", out var oldOthers))
        {
            comparison.Require(now.TryGetProperty("additionalProperties", out var newOthers), "other members are no longer accepted.");
            if (newOthers.ValueKind == JsonValueKind.Object && oldOthers.ValueKind == JsonValueKind.Object)
            {
                Compare(comparison.At("other members"), oldOthers, newOthers);
            }
        }
    }

    private static bool IsWider(string? old, string now) => (old, now) is ("\"int32\"", "\"int64\"") or ("\"int32\"" or "\"int64\"", "\"double\"");

    private static string? TextOf(JsonElement schema, string name) => schema.TryGetProperty(name, out var value) ? JsonSerializer.Serialize(value) : null;
}
