using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>A marker to be stored.</summary>
/// <param name="At">When it happened, at most 5 minutes in the future; defaults to now.</param>
/// <param name="Name">What happened; not only white space.</param>
/// <param name="Source">The source that it concerns; it concerns all when missing.</param>
/// <param name="Metadata">Facts about it, such as a version.</param>
internal sealed record MarkerReport(
    DateTimeOffset? At,
    [property: StringLength(OperationLimits.NameCharacters, MinimumLength = 1)] string Name,
    [property: StringLength(OperationLimits.SourceCharacters)] string? Source,
    Metadata? Metadata) : IRequestBody
{
    /// <summary>Reads and validates a marker; <see langword="null"/> when there are errors.</summary>
    public static MarkerReport? Read(JsonElement element, DateTimeOffset now, List<ValidationError> errors)
    {
        if (MemberReader.Begin(element, "", errors) is not { } members)
        {
            return null;
        }

        var fields = new FieldErrors(errors);
        var at = members.Time("at");
        if (at > now + OperationLimits.FutureTolerance)
        {
            fields.Add("at", $"at is more than {OperationLimits.FutureTolerance.TotalMinutes:0} minutes in the future.");
        }

        string? name = members.Text("name", OperationLimits.NameCharacters);
        if (name is null)
        {
            fields.AddMissing("name");
        }
        else if (string.IsNullOrWhiteSpace(name))
        {
            fields.Add("name", "name must not be empty.");
        }

        string source = fields.CheckSource(members.Text("source"), "");
        var draft = new ReportDraft();
        OperationBodies.ReadMetadata(members, ref draft);
        OperationValidator.CheckMetadata(in draft, null, null, fields);
        return errors.Count > 0 ? null : new(at, name!, source.Length == 0 ? null : source, Metadata.Of(draft.Metadata.Span));
    }
}
