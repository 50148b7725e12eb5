using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>
/// How many reports a program lost one after the other for one reason. Sent again under the same id it counts once; the counts include what was told before. Times are ages, so that the
/// clock of the program does not matter.
/// </summary>
/// <param name="Id">A UUID that the program makes, such as one per run, or a new one after a while without losses.</param>
/// <param name="Source">The source of the reports; defaults to the key's name, else the caller's address.</param>
/// <param name="Reason">Why they were lost.</param>
/// <param name="Operations">The number of operations that were lost so far; not 0 together with <c>samples</c>.</param>
/// <param name="Samples">The number of samples that were lost so far.</param>
/// <param name="FirstSecondsAgo">How long ago the first was lost; defaults to <c>last_seconds_ago</c>.</param>
/// <param name="LastSecondsAgo">How long ago the last was lost; defaults to 0.</param>
/// <param name="Detail">What the program knows beyond the reason, such as an error message.</param>
internal sealed record LossReport(
    Guid Id,
    [property: StringLength(OperationLimits.SourceCharacters)] string? Source,
    LossReason Reason,
    [property: Range(0, LossReasons.MaxReports)] long Operations,
    [property: Range(0, LossReasons.MaxReports)] long Samples,
    [property: Range(0, LossReasons.MaxAgeSeconds)] double? FirstSecondsAgo,
    [property: Range(0, LossReasons.MaxAgeSeconds)] double? LastSecondsAgo,
    [property: StringLength(LossReasons.DetailCharacters)] string? Detail) : IRequestBody
{
    /// <summary>Reads and validates a loss; <see langword="null"/> when there are errors.</summary>
    public static LossReport? Read(JsonElement element, List<ValidationError> errors)
    {
        if (MemberReader.Begin(element, "", errors) is not { } members)
        {
            return null;
        }

        var fields = new FieldErrors(errors);
        var id = members.Id("id");
        if (id is null)
        {
            fields.AddMissing("id");
        }

        string source = fields.CheckSource(members.Text("source"), "");
        string? reason = members.Text("reason");
        if (reason is null)
        {
            fields.AddMissing("reason");
        }

        if (!LossReasons.TryParse(reason, out var parsed) && reason is not null)
        {
            fields.Add("reason", $"reason must be one of {string.Join(", ", LossReasons.WireNames)}.");
        }

        long? operations = ReadCount(members, "operations", fields);
        long? samples = ReadCount(members, "samples", fields);
        if (operations == 0 && samples == 0)
        {
            fields.Add("operations", "operations and samples are both 0: nothing was lost.");
        }

        double? first = ReadAge(members, "first_seconds_ago", fields);
        double? last = ReadAge(members, "last_seconds_ago", fields);
        string? detail = members.Text("detail", LossReasons.DetailCharacters);
        return errors.Count > 0 ? null : new(id!.Value, source.Length == 0 ? null : source, parsed, operations!.Value, samples!.Value, first, last, detail);
    }

    private static long? ReadCount(MemberReader members, string name, FieldErrors fields)
    {
        if (members.Number(name) is not { } count)
        {
            fields.AddMissing(name);
            return null;
        }

        if (count is < 0 or > LossReasons.MaxReports || Math.Floor(count) != count)
        {
            fields.Add(name, string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from 0 to {LossReasons.MaxReports}."));
            return null;
        }

        return (long)count;
    }

    private static double? ReadAge(MemberReader members, string name, FieldErrors fields)
    {
        double? age = members.Number(name);
        return fields.CheckNumber(name, age, 0, LossReasons.MaxAgeSeconds) ? age : null;
    }
}
