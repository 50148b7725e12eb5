using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>A series to examine. Other members are an error.</summary>
/// <param name="Values">The values, oldest first; null where nothing was measured.</param>
/// <param name="Timestamps">As many times as values, each later than the one before: RFC 3339 with a time zone, or Unix time. Without them steps of five minutes are assumed.</param>
/// <param name="Horizon">The number of steps to forecast; without it a quarter of the number of values, at most 48.</param>
/// <param name="Limit">A value of which the forecast tells when it will be reached.</param>
internal sealed record DetectRequestBody(
    [property: MaxLength(SeriesReading.MaxValues), MinLength(1)] IReadOnlyList<double?> Values,
    IReadOnlyList<DateTimeOffset>? Timestamps,
    [property: Range(1, SeriesReading.MaxHorizon)] int? Horizon,
    [property: Range(-SeriesReading.MaxValue, SeriesReading.MaxValue)] double? Limit) : IClosedRequestBody;

/// <summary>A series that a client sends.</summary>
/// <param name="Values">The values; <see cref="double.NaN"/> where nothing was measured.</param>
/// <param name="Times">The time of each value, ascending; <see langword="null"/> when none were sent.</param>
/// <param name="Horizon">The number of steps to forecast; <see langword="null"/> to choose it by the number of values.</param>
/// <param name="Limit">A value whose first passage is of interest, or <see langword="null"/>.</param>
internal sealed record SeriesReading(double[] Values, DateTimeOffset[]? Times, int? Horizon, double? Limit)
{
    /// <summary>The maximum number of values.</summary>
    public const int MaxValues = 100_000;

    /// <summary>The maximum number of steps of a forecast.</summary>
    public const int MaxHorizon = 500;

    /// <summary>The largest absolute value.</summary>
    public const double MaxValue = 3.4e38;

    /// <summary>The step that is assumed without timestamps.</summary>
    public static readonly TimeSpan DefaultStep = TimeSpan.FromMinutes(5);

    private const int MaxErrors = 20;
    private static readonly string[] Members = ["values", "timestamps", "horizon", "limit"];

    /// <summary>The time between two values: the median.</summary>
    public TimeSpan Step
    {
        get
        {
            var steps = Times?.Zip(Times.Skip(1), (before, after) => after - before).Order().ToArray() ?? [];
            return steps.Length == 0 ? DefaultStep : steps[steps.Length / 2];
        }
    }

    /// <summary>Reads a series; returns <see langword="null"/> when there are errors.</summary>
    public static SeriesReading? Read(JsonElement body, List<ValidationError> errors)
    {
        if (MemberReader.Begin(body, "", errors) is not { } members)
        {
            return null;
        }

        members.RejectOthers(Members);
        var values = List(members, "values", isRequired: true);
        var timestamps = List(members, "timestamps", isRequired: false);
        double? horizon = Number(members, "horizon", 1, MaxHorizon);
        if (horizon is { } steps && !double.IsInteger(steps))
        {
            members.AddError("horizon", "horizon must be a whole number.");
        }

        double? limit = Number(members, "limit", -MaxValue, MaxValue);
        if (values is null || errors.Count > 0)
        {
            return null;
        }

        double[] numbers = ReadNumbers(values.Value, errors);
        var times = timestamps is { } sent ? ReadTimes(sent, errors) : null;
        if (times is not null && times.Length != numbers.Length)
        {
            members.AddError("timestamps", string.Create(CultureInfo.InvariantCulture, $"timestamps has {times.Length} items; values has {numbers.Length}. There must be one for each value."));
        }

        return errors.Count == 0 ? new(numbers, times, (int?)horizon, limit) : null;
    }

    private static double? Number(MemberReader members, string name, double least, double most)
    {
        double? number = members.Number(name);
        if (number < least || number > most)
        {
            members.AddError(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {number}; {least} to {most} are accepted."));
            return null;
        }

        return number;
    }

    private static JsonElement? List(MemberReader members, string name, bool isRequired)
    {
        if (members.Find(name) is not { } list)
        {
            if (isRequired)
            {
                members.AddError(name, $"{name} is missing.");
            }

            return null;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            members.AddError(name, $"{name} must be an array.");
            return null;
        }

        int count = list.GetArrayLength();
        if (count > MaxValues || (isRequired && count == 0))
        {
            members.AddError(name, string.Create(CultureInfo.InvariantCulture, $"{name} has {count} items; {(isRequired ? "1 to" : "at most")} {MaxValues} are accepted."));
        }

        return list;
    }

    private static double[] ReadNumbers(JsonElement list, List<ValidationError> errors)
    {
        double[] numbers = new double[list.GetArrayLength()];
        int i = 0;
        foreach (var item in list.EnumerateArray())
        {
            numbers[i] = double.NaN;
            if (item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double number) && Math.Abs(number) <= MaxValue)
            {
                numbers[i] = number;
            }
            else if (item.ValueKind != JsonValueKind.Null && errors.Count < MaxErrors)
            {
                errors.Add(new($"values must be numbers between −3.4e38 and 3.4e38, or null; item {i} is not.", $"/values/{i}"));
            }

            i++;
        }

        return numbers;
    }

    private static DateTimeOffset[] ReadTimes(JsonElement list, List<ValidationError> errors)
    {
        var times = new DateTimeOffset[list.GetArrayLength()];
        int i = 0;
        foreach (var item in list.EnumerateArray())
        {
            string? fault = !MemberReader.TryGetTime(item, out times[i]) ? $"timestamps must be RFC 3339 with a time zone or Unix time; item {i} is not."
                : i > 0 && times[i] <= times[i - 1] ? $"timestamps must ascend; item {i} is not later than the one before."
                : null;
            if (fault is not null && errors.Count < MaxErrors)
            {
                errors.Add(new(fault, $"/timestamps/{i}"));
            }

            i++;
        }

        return times;
    }
}
