using System.Text.Json;

namespace PerfPortal.Tests.Api.OpenApi;

/// <summary>Compares the schemas of what clients read: everything that was promised must still be present, in the same form.</summary>
internal static class ResponseSchemas
{
    public static void Compare(Comparison comparison, JsonElement oldSchema, JsonElement newSchema)
    {
        if (comparison.Enter(oldSchema, newSchema) is not var (old, now))
        {
            return;
        }

        var oldChoices = Comparison.Choices(old);
        foreach (var choice in Comparison.Choices(now))
        {
            if (oldChoices.Count == 1)
            {
                CompareOne(Comparison.Choices(now).Count == 1 ? comparison : comparison.At("choice"), comparison.Before.Resolve(oldChoices[0]), comparison.After.Resolve(choice));
                continue;
            }

            bool fits = oldChoices.Any(candidate =>
            {
                var trial = new Comparison(comparison.Before, comparison.After, "", []);
                Compare(trial, candidate, choice);
                return trial.Found.Count == 0;
            });
            comparison.Require(fits, $"an answer can have a form that no client expects: {choice.GetRawText().ReplaceLineEndings("")}");
        }
    }

    private static void CompareOne(Comparison comparison, JsonElement old, JsonElement now)
    {
        var types = Contract.TypesOf(old);
        var strange = Contract.TypesOf(now).Except(types.Contains("number") ? [.. types, "integer"] : types).ToList();
        comparison.Require(types.Count == 0 || (strange.Count == 0 && Contract.TypesOf(now).Count > 0), $"the type can be {string.Join(" or ", strange)} now.");
        comparison.Require(
            !old.TryGetProperty("format", out var format) || (now.TryGetProperty("format", out var kept) && kept.GetString() == format.GetString()),
            $"the format {(format.ValueKind == JsonValueKind.String ? format.GetString() : "")} is gone.");
        CompareMembers(comparison, old, now);
        if (old.TryGetProperty("items", out var oldItems))
        {
            comparison.Require(now.TryGetProperty("items", out var newItems), "the items have no schema now.");
            if (newItems.ValueKind == JsonValueKind.Object)
            {
                Compare(comparison.At("items"), oldItems, newItems);
            }
        }

        if (old.TryGetProperty("additionalProperties", out var oldOthers) && now.TryGetProperty("additionalProperties", out var newOthers)
            && oldOthers.ValueKind == JsonValueKind.Object && newOthers.ValueKind == JsonValueKind.Object)
        {
            Compare(comparison.At("other members"), oldOthers, newOthers);
        }
    }

    private static void CompareMembers(Comparison comparison, JsonElement old, JsonElement now)
    {
        var lost = Comparison.Names(old, "required").Except(Comparison.Names(now, "required"));
        comparison.Require(!lost.Any(), $"{string.Join(", ", lost)} can be missing now.");
        if (!old.TryGetProperty("properties", out var before))
        {
            return;
        }

        var after = now.TryGetProperty("properties", out var members) ? members : default;
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
}
