using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PerfPortal.Server.Intake;

/// <summary>A run of letters, digits and signs outside texts: a number or a literal, valid or not.</summary>
internal static class JsonWord
{
    private const int MaxLength = 40;
    private static readonly SearchValues<byte> Letters = SearchValues.Create("+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>The word at a fault, and where it begins; <see langword="null"/> if there is none or if it is a valid value.</summary>
    public static (int Begin, string? Word) At(ReadOnlySpan<byte> text, int at)
    {
        int begin = text[..at].LastIndexOfAnyExcept(Letters) + 1;
        int length = text[at..].IndexOfAnyExcept(Letters);
        int end = length < 0 ? text.Length : at + length;
        if (begin == end || (end == at && !IsUnfinished(text[end - 1])))
        {
            return (at, null);
        }

        var word = text[begin..end];
        return IsValid(word) ? (begin, null) : (begin, Encoding.ASCII.GetString(word[..Math.Min(word.Length, MaxLength)]));
    }

    /// <summary>Whether a number that ends so is noticed only at the byte after it.</summary>
    private static bool IsUnfinished(byte last) => last is (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E';

    private static bool IsValid(ReadOnlySpan<byte> word)
    {
        var reader = new Utf8JsonReader(word);
        try
        {
            return reader.Read() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
