using System.Text;
using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Receivers;

/// <summary>Makes what a receiver answered fit to be stored and shown.</summary>
internal static class AnswerText
{
    private const string Hidden = "***";

    /// <summary>Replaces secrets and control characters, joins lines, and cuts the text.</summary>
    public static string Clean(string text, ReceiverSecret secret)
    {
        foreach (string hidden in secret.Texts.OrderByDescending(part => part.Length))
        {
            text = text.Replace(hidden, Hidden, StringComparison.OrdinalIgnoreCase);
        }

        var clean = new StringBuilder(Math.Min(text.Length, DeliveryAnswer.MaxText));
        bool isSpace = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                isSpace = clean.Length > 0;
                continue;
            }

            if (clean.Length + rune.Utf16SequenceLength + 2 > DeliveryAnswer.MaxText)
            {
                return clean.Append('…').ToString();
            }

            if (isSpace)
            {
                clean.Append(' ');
                isSpace = false;
            }

            clean.Append(rune);
        }

        return clean.ToString();
    }
}
