using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Settings.Configuration;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// Reads the file of alert rules when the portal starts: a JSON array of rules as the REST API takes them, or an object with the array as <c>rules</c>. A rule with the <c>id</c> of a
/// built-in one stands in its place.
/// </summary>
internal static class AlertRulesFile
{
    private const int MaxBytes = 8 << 20;

    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads the rules; none without a file.</summary>
    /// <exception cref="PortalConfigurationException">The file cannot be read, or has mistakes; the message lists every one.</exception>
    public static IReadOnlyList<AlertRule> Read(string? path)
    {
        if (path is null)
        {
            return [];
        }

        var errors = new List<string>();
        var rules = new List<AlertRule>();
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                errors.Add("is larger than 8 MiB");
            }
            else
            {
                using var document = JsonDocument.Parse(File.ReadAllBytes(path).AsMemory().TrimMark(), Options);
                rules = Read(document.RootElement, errors);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            errors.Add($"cannot be read: {problem.Message}");
        }
        catch (JsonException problem)
        {
            errors.Add($"is not valid JSON: {problem.Message}");
        }

        return errors.Count == 0 ? rules : throw new PortalConfigurationException([.. errors.Select(error => $"{SettingsCatalog.AlertRulesFile.Key} \"{path}\" {error}")]);
    }

    private static ReadOnlyMemory<byte> TrimMark(this Memory<byte> bytes) => ByteOrderMark.Skip(bytes);

    private static List<AlertRule> Read(JsonElement root, List<string> errors)
    {
        var list = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("rules", out var member) ? member : root;
        var rules = new List<AlertRule>();
        if (list.ValueKind != JsonValueKind.Array)
        {
            errors.Add("must contain a JSON array of rules, or an object with the array as rules.");
            return rules;
        }

        int builtIn = BuiltInRules.Of(PerformanceThresholds.Default).Count;
        if (list.GetArrayLength() > AlertRuleBook.MaxRules - builtIn)
        {
            errors.Add($"has {list.GetArrayLength()} rules; at most {AlertRuleBook.MaxRules - builtIn} are accepted.");
            return rules;
        }

        int index = 0;
        foreach (var element in list.EnumerateArray())
        {
            if (Read(element, $"rules[{index++}]", errors) is { } rule)
            {
                rules.Add(rule);
            }
        }

        CheckNames(rules, errors);
        return rules;
    }

    private static AlertRule? Read(JsonElement element, string place, List<string> errors)
    {
        var found = new List<ValidationError>();
        var rule = AlertRuleReport.Read(element, "", found);
        if (rule?.Id is { Length: > 0 } id && !BuiltInRules.Of(PerformanceThresholds.Default).Any(known => known.Id == id))
        {
            found.Add(new($"id must be that of a built-in rule, or missing; {id} is not one.", ""));
        }

        errors.AddRange(found.Select(error => $"{place}: {error.Detail}"));
        return rule is null || found.Count > 0 ? null : rule with { Id = rule.Id.Length > 0 ? rule.Id : IdOf(rule.Name), IsProvisioned = true };
    }

    private static void CheckNames(List<AlertRule> rules, List<string> errors)
    {
        var taken = BuiltInRules.Of(PerformanceThresholds.Default).Where(known => rules.TrueForAll(rule => rule.Id != known.Id)).Select(known => known.Name);
        var names = new HashSet<string>(taken, StringComparer.OrdinalIgnoreCase);
        var ids = new HashSet<string>();
        foreach (var rule in rules)
        {
            if (!names.Add(rule.Name))
            {
                errors.Add($"has two rules with the name {rule.Name}, or one with that of a built-in rule; names must differ, regardless of case.");
            }
            else if (!ids.Add(rule.Id))
            {
                errors.Add($"has two rules with the id {rule.Id}.");
            }
        }
    }

    /// <summary>Stays the same from start to start, so that alerts go on.</summary>
    private static string IdOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("rules-file\u001f" + name)).AsSpan(0, 16));
}
