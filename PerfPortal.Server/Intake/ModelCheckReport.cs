using System.Text.Json;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>Checks to be started.</summary>
/// <param name="Model">The name of a model; all models when missing.</param>
/// <param name="Full">Whether every byte is read; a first check always does. False when missing.</param>
internal sealed record ModelCheckReport(string? Model, bool? Full) : IClosedRequestBody
{
    /// <summary>Reads and validates the body; <see langword="null"/> when there are errors.</summary>
    public static ModelCheckReport? Read(JsonElement element, List<ValidationError> errors)
    {
        if (MemberReader.Begin(element, "", errors) is not { } members)
        {
            return null;
        }

        members.RejectOthers(WireMembers.Of<ModelCheckReport>());
        var report = new ModelCheckReport(members.Text("model", 1_000), members.Flag("full"));
        return errors.Count > 0 ? null : report;
    }
}
