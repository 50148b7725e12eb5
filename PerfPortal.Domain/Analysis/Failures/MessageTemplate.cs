namespace PerfPortal.Domain.Analysis.Failures;

/// <summary>Replaces the variable parts of error messages, so that the same error has the same text.</summary>
public static class MessageTemplate
{
    private const int TemplateCharacters = 200;

    /// <summary>
    /// Returns a message with variable parts replaced: its first line, at most 200 characters, with every word that contains a digit as <c>#</c> and every
    /// quoted text as <c>'…'</c>.
    /// </summary>
    public static string Of(string? message)
    {
        string line = (message ?? "").Split('\n', 2)[0].Trim();
        var words = new List<string>();
        bool isQuoted = false;
        foreach (string word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bool opens = word[0] is '\'' or '"';
            bool closes = word.TrimEnd('.', ',', ';', ':', ')') is { Length: > 0 } core && core[^1] is '\'' or '"' && (isQuoted || core.Length > 1);
            if (isQuoted || opens)
            {
                if (opens && !isQuoted)
                {
                    words.Add("'…'");
                }

                isQuoted = !closes;
                continue;
            }

            words.Add(word.AsSpan().ContainsAnyInRange('0', '9') ? "#" : word);
        }

        string template = string.Join(' ', words);
        return template.Length <= TemplateCharacters ? template : template[..TemplateCharacters];
    }
}
