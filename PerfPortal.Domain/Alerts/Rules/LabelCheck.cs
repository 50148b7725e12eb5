using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>Checks the labels of a rule.</summary>
public static class LabelCheck
{
    /// <summary>The maximum number of labels.</summary>
    public const int MaxLabels = 20;

    /// <summary>The maximum length of a name, characters.</summary>
    public const int NameCharacters = 64;

    /// <summary>The maximum length of a value, characters.</summary>
    public const int ValueCharacters = 256;

    // Of a thousand wrong labels, the first few say enough.
    private const int MaxErrors = 10;

    /// <summary>Adds every mistake, at most ten.</summary>
    public static void Check(IReadOnlyDictionary<string, string> labels, List<AlertRuleError> errors)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(errors);
        if (labels.Count > MaxLabels)
        {
            errors.Add(new("labels", $"labels has {Format.Count((long)labels.Count)} members; at most {MaxLabels} are accepted."));
            return;
        }

        errors.AddRange(labels.SelectMany(label => Check(label.Key, label.Value)).Take(MaxErrors));
    }

    /// <summary>Whether a label can have a name.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= NameCharacters && IsStart(name[0]) && name.All(letter => IsStart(letter) || char.IsAsciiDigit(letter));
    }

    /// <summary>A name as errors show it.</summary>
    public static string Shown(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length <= NameCharacters ? name : name[..NameCharacters] + "…";
    }

    private static IEnumerable<AlertRuleError> Check(string name, string value)
    {
        string field = $"labels.{Shown(name)}";
        if (!IsName(name))
        {
            yield return new(field, $"The name of a label must have 1 to {NameCharacters} letters, digits and underscores, and not begin with a digit.");
        }
        else if (AlertLabels.Reserved.Contains(name))
        {
            yield return new(field, $"The label {name} is set by the portal; choose another name.");
        }

        if (string.IsNullOrEmpty(value) || value.Length > ValueCharacters || value.Any(char.IsControl))
        {
            yield return new(field, $"The value of a label must have 1 to {ValueCharacters} characters and no control characters.");
        }
    }

    private static bool IsStart(char letter) => char.IsAsciiLetter(letter) || letter == '_';
}
