using System.Globalization;
using System.IO.Hashing;
using System.Numerics;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>The metadata of a GGUF file: pairs of a key and a typed value. Values are skipped except for those that say how to read the rest.</summary>
internal sealed class GgufMetadata(ByteCursor cursor, StructureReport report)
{
    private const uint TypeUInt32 = 4;
    private const uint TypeBool = 7;
    private const uint TypeString = 8;
    private const uint TypeArray = 9;
    private const int MaxKey = 65_535;
    private const int MaxDepth = 4;

    // By type number; 0 for those of variable length.
    private static readonly int[] Sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

    private readonly HashSet<ulong> _keys = [];
    private ulong? _tokens;
    private (ulong Count, long At)? _scores;
    private (ulong Count, long At)? _tokenTypes;
    private bool _hasArchitecture;

    /// <summary>The alignment that the file states, a power of two; <see langword="null"/> when it states none.</summary>
    public uint? Alignment { get; private set; }

    /// <summary>Reads the next pair.</summary>
    public void ReadPair()
    {
        long at = cursor.Position;
        ulong length = cursor.ReadUInt64("length of a key");
        if (length is 0 or > MaxKey)
        {
            throw Refuse(at, $"A metadata key has {Format.Count(length)} bytes; it must have between 1 and {Format.Count(MaxKey)}.");
        }

        var key = cursor.Take((int)length, "key");
        string shown = Names.Show(key);
        if (key.IndexOfAnyExceptInRange((byte)' ', (byte)'~') is >= 0 and var bad)
        {
            throw Refuse(at + 8 + bad, $"The metadata key '{shown}' contains a byte that is not printable ASCII.");
        }

        if (!_keys.Add(XxHash3.HashToUInt64(key)))
        {
            throw Refuse(at, $"The metadata key '{shown}' is there twice.");
        }

        var meaning = Of(key);
        long typeAt = cursor.Position;
        uint type = cursor.ReadUInt32("type of a value");
        ReadValue(shown, meaning, type, typeAt);
    }

    /// <summary>Called after the last pair.</summary>
    public void End()
    {
        if (!_hasArchitecture)
        {
            report.Add(HealthReasonKinds.Header, null, null, "The metadata has no text 'general.architecture', which says what kind of model it is.", HealthSeverity.Warning);
        }

        Compare(_scores, "scores");
        Compare(_tokenTypes, "token types");
    }

    private void Compare((ulong Count, long At)? list, string what)
    {
        if (_tokens is { } tokens && list is var (count, at) && count != tokens)
        {
            report.Add(HealthReasonKinds.Contradiction, at, 8, string.Create(CultureInfo.InvariantCulture, $"The tokenizer has {tokens:N0} tokens and {count:N0} {what}."));
        }
    }

    private void ReadValue(string key, Meaning meaning, uint type, long typeAt)
    {
        switch (meaning)
        {
            case Meaning.Alignment when type == TypeUInt32:
                uint alignment = cursor.ReadUInt32("alignment");
                Alignment = BitOperations.IsPow2(alignment)
                    ? alignment
                    : throw Refuse(cursor.Position - 4, $"general.alignment is {alignment}; it must be a power of two.");
                return;
            case Meaning.Alignment:
                throw Refuse(typeAt, $"general.alignment has the type {type}; it must be a 32-bit number.");
            case Meaning.Architecture when type != TypeString:
                throw Refuse(typeAt, $"general.architecture has the type {type}; it must be a text.");
            case Meaning.Architecture:
                _hasArchitecture = true;
                break;
            default:
                break;
        }

        SkipValue(key, meaning, type, typeAt, 0);
    }

    private void SkipValue(string key, Meaning meaning, uint type, long typeAt, int depth)
    {
        switch (type)
        {
            case TypeString:
                SkipString(key);
                break;
            case TypeArray:
                SkipArray(key, meaning, depth);
                break;
            case TypeBool:
                SkipBooleans(key, 1);
                break;
            case < 13:
                cursor.Skip((ulong)Sizes[type], "value of " + key);
                break;
            default:
                throw Refuse(typeAt, $"The metadata value '{key}' has the unknown type {type}.");
        }
    }

    private void SkipString(string key)
    {
        long at = cursor.Position;
        ulong length = cursor.ReadUInt64("length of a text");
        if (length > (ulong)cursor.Remaining)
        {
            throw TooLong(at, key, length);
        }

        cursor.Skip(length, "text");
    }

    private void SkipArray(string key, Meaning meaning, int depth)
    {
        if (depth == MaxDepth)
        {
            throw Refuse(cursor.Position, $"The metadata value '{key}' has arrays nested more than {Format.Count(MaxDepth)} deep.");
        }

        long at = cursor.Position;
        uint type = cursor.ReadUInt32("type of an array");
        ulong count = cursor.ReadUInt64("length of an array");
        int smallest = type switch { TypeString => 8, TypeArray => 12, < 13 => Sizes[type], _ => throw Refuse(at, $"The metadata value '{key}' is an array of the unknown type {type}.") };
        if (count > (ulong)(cursor.Remaining / smallest))
        {
            throw TooLong(at + 4, key, count);
        }

        Note(meaning, count, at + 4);
        if (type == TypeBool)
        {
            SkipBooleans(key, count);
        }
        else if (type is TypeString or TypeArray)
        {
            for (ulong i = 0; i < count; i++)
            {
                SkipValue(key, Meaning.None, type, at, depth + 1);
            }
        }
        else
        {
            cursor.Skip(count * (ulong)smallest, "array");
        }
    }

    private void SkipBooleans(string key, ulong count)
    {
        for (ulong i = 0; i < count; i++)
        {
            if (cursor.ReadByte("truth value") > 1)
            {
                throw Refuse(cursor.Position - 1, $"The metadata value '{key}' is a truth value that is neither 0 nor 1.");
            }
        }
    }

    private void Note(Meaning meaning, ulong count, long at)
    {
        switch (meaning)
        {
            case Meaning.Tokens:
                _tokens = count;
                break;
            case Meaning.Scores:
                _scores = (count, at);
                break;
            case Meaning.TokenTypes:
                _tokenTypes = (count, at);
                break;
            default:
                break;
        }
    }

    private static Meaning Of(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("general.alignment"u8) ? Meaning.Alignment
        : key.SequenceEqual("general.architecture"u8) ? Meaning.Architecture
        : key.SequenceEqual("tokenizer.ggml.tokens"u8) ? Meaning.Tokens
        : key.SequenceEqual("tokenizer.ggml.scores"u8) ? Meaning.Scores
        : key.SequenceEqual("tokenizer.ggml.token_type"u8) ? Meaning.TokenTypes
        : Meaning.None;

    private MalformedException TooLong(long at, string key, ulong count) => Refuse(
        at, string.Create(CultureInfo.InvariantCulture, $"The metadata value '{key}' says that it has the length {count:N0}, for which the remaining {cursor.Remaining:N0} bytes are too few."));

    private static MalformedException Refuse(long at, string sentence) => new(HealthReasonKinds.Header, at, null, sentence);

    private enum Meaning
    {
        None,
        Alignment,
        Architecture,
        Tokens,
        Scores,
        TokenTypes,
    }
}
