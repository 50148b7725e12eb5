using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>Reads one sample or an array of samples, all or nothing. Samples are counted and parsed one by one, so no document of the whole is made.</summary>
internal static class SampleReader
{
    private const int EnoughErrors = 100;
    private static readonly string[] MediaTypes = [BodyReader.JsonType];
    private static readonly BodyLimits Limits = BodyLimits.Batch with { Peek = beginning => ItemCount.ExceedsInArray(beginning.Span, SampleValidator.MaxSamples) ? TooMany() : null };

    /// <summary>Reads the body of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="oldest">Samples before this time are rejected.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The samples, or the problem when they are rejected.</returns>
    public static async Task<(IReadOnlyList<SampleTaken>? Samples, IResult? Problem)> ReadAsync(
        HttpContext context, TimeProvider time, DateTimeOffset oldest, CancellationToken cancellationToken)
    {
        using var body = await BodyReader.ReadAsync(context.Request, MediaTypes, Limits, cancellationToken).ConfigureAwait(false);
        return body.Problem is null ? Read(body.Bytes, new(Reporter.SourceOf(context), time.GetUtcNow(), oldest)) : (null, body.Problem);
    }

    private static (IReadOnlyList<SampleTaken>? Samples, IResult? Problem) Read(ReadOnlyMemory<byte> bytes, SampleValidator validator)
    {
        var errors = new List<ValidationError>();
        var samples = new List<SampleTaken>();
        if (!bytes.Span.TrimStart(" \t\r\n"u8).StartsWith("["u8))
        {
            return bytes.Length > BodyLimits.Single.Decompressed ? (null, BodyLimits.Single.TooLarge())
                : Add(bytes, new(errors), validator, samples) is { } problem ? (null, problem)
                : Answer(samples, errors);
        }

        int index = 0;
        int from = 0;
        try
        {
            var reader = new Utf8JsonReader(bytes.Span, new JsonReaderOptions { MaxDepth = BodyReader.MaxDepth + 1 });
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (index == SampleValidator.MaxSamples)
                {
                    return (null, TooMany());
                }

                int begin = (int)reader.TokenStartIndex;
                reader.Skip();
                from = (int)reader.BytesConsumed;
                var item = bytes[begin..from];
                var itemErrors = new FieldErrors(errors, PointerOf(index++));
                if (item.Length > BodyLimits.Single.Decompressed)
                {
                    itemErrors.Add(string.Create(CultureInfo.InvariantCulture, $"The sample has {item.Length} bytes; at most {BodyLimits.Single.Decompressed} are accepted."));
                }
                else if (errors.Count <= EnoughErrors && Add(item, itemErrors, validator, samples) is { } problem)
                {
                    return (null, problem);
                }
            }

            from = bytes.Length;
            while (reader.Read())
            {
                // The rest has to be valid too.
            }
        }
        catch (JsonException exception)
        {
            int fault = JsonFault.Find(bytes.Span, exception);
            return (null, InArray([.. errors, new(JsonFault.ExplainBody(bytes.Span, fault), IsInItem(bytes.Span, from, fault) ? PointerOf(index) : "")]));
        }

        return errors.Count == 0 ? (samples, null) : (null, InArray(errors));
    }

    /// <summary>Whether a fault is inside an item: what lies between it and the end of the item before is more than a comma, or it is a word, such as <c>NaN</c>.</summary>
    private static bool IsInItem(ReadOnlySpan<byte> text, int from, int fault) =>
        from <= fault && from < text.Length && (!text[from..fault].Trim("[, \t\r\n"u8).IsEmpty || (fault < text.Length && (char.IsAsciiLetter((char)text[fault]) || text[fault] is (byte)'-' or (byte)'+')));

    private static string PointerOf(int index) => "/" + index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Names the sample in the sentences as well, because not every client shows the pointers.</summary>
    private static IResult InArray(IReadOnlyList<ValidationError> errors) => Problems.Invalid(
        [.. errors.Select(error => error.Pointer.Split('/') is ["", var index, ..] ? error with { Detail = $"Sample {index}: {error.Detail}" } : error)]);

    private static IResult TooMany() =>
        Problems.Invalid([new(string.Create(CultureInfo.InvariantCulture, $"The body contains more than {SampleValidator.MaxSamples} samples, which is the limit."), "")]);

    private static IResult? Add(ReadOnlyMemory<byte> item, FieldErrors errors, SampleValidator validator, List<SampleTaken> samples)
    {
        var (document, problem) = BodyReader.Parse(item);
        if (document is null)
        {
            return problem;
        }

        using (document)
        {
            if (SampleBodies.Read(document.RootElement, validator, errors) is { } sample)
            {
                samples.Add(sample);
            }
        }

        return null;
    }

    private static (IReadOnlyList<SampleTaken>? Samples, IResult? Problem) Answer(List<SampleTaken> samples, List<ValidationError> errors) =>
        errors.Count == 0 ? (samples, null) : (null, Problems.Invalid(errors));
}
