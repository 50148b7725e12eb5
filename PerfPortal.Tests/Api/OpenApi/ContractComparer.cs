using System.Text.Json;

namespace PerfPortal.Tests.Api.OpenApi;

/// <summary>
/// Finds the changes of a contract that break a client of an earlier one. A client may send what the earlier contract allowed and may read what it
/// promised; it ignores unknown members, so anything may be added to a response. A new value of an enumeration in an answer counts as an addition.
/// </summary>
internal static class ContractComparer
{
    /// <summary>Each break, as a sentence that begins with its place; none when the change is compatible.</summary>
    public static IReadOnlyList<string> Breaks(Contract before, Contract after)
    {
        var found = new List<string>();
        foreach (var old in before.Operations)
        {
            if (after.Operations.FirstOrDefault(operation => operation.Method == old.Method && SameShape(operation.Path, old.Path)) is { } now)
            {
                CompareOperation(new(before, after, old.ToString(), found), old, now);
            }
            else
            {
                found.Add($"{old}: the operation is gone.");
            }
        }

        return found;
    }

    /// <summary>The name of a path parameter is not on the wire.</summary>
    private static bool SameShape(string left, string right) => left.Split('/').Zip(right.Split('/')).All(pair =>
        pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.StartsWith('{'))) && left.Split('/').Length == right.Split('/').Length;

    private static void CompareOperation(Comparison comparison, ContractOperation old, ContractOperation now)
    {
        comparison.Require(old.Id == now.Id, $"the operationId is {now.Id} instead of {old.Id}, which names the method of generated clients.");
        CompareParameters(comparison, old, now);
        CompareBody(comparison, old, now);
        CompareAnswers(comparison, old, now);
        CompareAccess(comparison, old, now);
    }

    private static void CompareParameters(Comparison comparison, ContractOperation old, ContractOperation now)
    {
        var before = comparison.Before.Parameters(old.Json);
        var after = comparison.After.Parameters(now.Json);
        foreach (var (place, parameter) in before)
        {
            if (after.TryGetValue(place, out var kept))
            {
                comparison.Require(IsRequired(parameter) || !IsRequired(kept), $"the parameter {place} is required now.");
                RequestSchemas.Compare(comparison.At($"parameter {place}"), parameter.GetProperty("schema"), kept.GetProperty("schema"));
            }
            else
            {
                comparison.Require(place.StartsWith("path", StringComparison.Ordinal), $"the parameter {place} is gone.");
            }
        }

        foreach (var (place, parameter) in after.Where(parameter => !before.ContainsKey(parameter.Key)))
        {
            comparison.Require(!IsRequired(parameter) || place.StartsWith("path", StringComparison.Ordinal), $"the new parameter {place} is required.");
        }
    }

    private static void CompareBody(Comparison comparison, ContractOperation old, ContractOperation now)
    {
        bool hadBody = old.Json.TryGetProperty("requestBody", out var before);
        if (!now.Json.TryGetProperty("requestBody", out var after))
        {
            comparison.Require(!hadBody, "the body is gone.");
            return;
        }

        comparison.Require((hadBody && IsRequired(before)) || !IsRequired(after), "the body is required now.");
        foreach (var (mediaType, media) in hadBody ? comparison.Before.Members(before, "content") : new Dictionary<string, JsonElement>())
        {
            if (comparison.After.Members(after, "content").TryGetValue(mediaType, out var kept))
            {
                RequestSchemas.Compare(comparison.At($"body {mediaType}"), media.GetProperty("schema"), kept.GetProperty("schema"));
            }
            else
            {
                comparison.Require(false, $"the body is no longer accepted as {mediaType}.");
            }
        }
    }

    private static void CompareAnswers(Comparison comparison, ContractOperation old, ContractOperation now)
    {
        var after = comparison.After.Members(now.Json, "responses");
        foreach (var (status, answer) in comparison.Before.Members(old.Json, "responses"))
        {
            // An error that no longer happens breaks no client.
            if (!after.TryGetValue(status, out var kept))
            {
                comparison.Require(status[0] >= '4', $"the answer {status} is gone.");
                continue;
            }

            foreach (string header in comparison.Before.Members(answer, "headers").Keys)
            {
                comparison.Require(comparison.After.Members(kept, "headers").ContainsKey(header), $"the answer {status} lacks the header {header}.");
            }

            foreach (var (mediaType, media) in comparison.Before.Members(answer, "content"))
            {
                if (comparison.After.Members(kept, "content").TryGetValue(mediaType, out var keptMedia))
                {
                    ResponseSchemas.Compare(comparison.At($"answer {status} {mediaType}"), media.GetProperty("schema"), keptMedia.GetProperty("schema"));
                }
                else
                {
                    comparison.Require(false, $"the answer {status} no longer exists as {mediaType}.");
                }
            }
        }
    }

    private static void CompareAccess(Comparison comparison, ContractOperation old, ContractOperation now)
    {
        var before = Access(old.Json);
        foreach (string rule in before.Count == 0 ? [] : before.Except(Access(now.Json)))
        {
            comparison.Require(Access(now.Json).Count == 0, $"{rule} no longer gives access.");
        }

        comparison.Require(before.Count > 0 || Access(now.Json).Count == 0, "a key is required now.");
    }

    private static List<string> Access(JsonElement operation) => operation.TryGetProperty("security", out var rules)
        ? [.. rules.EnumerateArray().SelectMany(rule => rule.EnumerateObject()).Select(rule => $"{rule.Name} {rule.Value.GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal)}")]
        : [];

    private static bool IsRequired(JsonElement element) => element.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.True;
}

/// <summary>Two contracts that are being compared, and the place within them.</summary>
internal sealed record Comparison(Contract Before, Contract After, string Place, List<string> Found)
{
    private readonly HashSet<(string, string)> _open = [];

    public Comparison At(string inner) => this with { Place = $"{Place}: {inner}" };

    public void Require(bool condition, string sentence)
    {
        if (!condition)
        {
            Found.Add($"{Place}: {sentence}");
        }
    }

    /// <summary>Follows the references of two schemas; <see langword="null"/> when the pair is already being compared further out.</summary>
    public (JsonElement Old, JsonElement Now)? Enter(JsonElement old, JsonElement now)
    {
        var key = (Reference(old), Reference(now));
        return key.Item1.Length > 0 && !_open.Add(key) ? null : (Before.Resolve(old), After.Resolve(now));
    }

    public static double? Limit(JsonElement schema, string name) => schema.TryGetProperty(name, out var limit) ? limit.GetDouble() : null;

    public static IReadOnlyList<string> Names(JsonElement schema, string name) => schema.TryGetProperty(name, out var names) ? [.. names.EnumerateArray().Select(item => item.ToString())] : [];

    public static IReadOnlyList<JsonElement> Choices(JsonElement schema) => schema.TryGetProperty("oneOf", out var choices) ? [.. choices.EnumerateArray()] : [schema];

    private static string Reference(JsonElement schema) => schema.TryGetProperty("$ref", out var reference) ? reference.GetString()! : "";
}
