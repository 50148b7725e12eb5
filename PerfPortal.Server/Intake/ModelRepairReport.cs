using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>A repair to be started.</summary>
/// <param name="Model">The name of the model.</param>
internal sealed record ModelRepairReport([property: StringLength(ModelRepairReport.NameCharacters, MinimumLength = 1)] string Model) : IClosedRequestBody
{
    private const int NameCharacters = 1_000;

    /// <summary>Reads and validates the body; <see langword="null"/> when there are errors.</summary>
    public static ModelRepairReport? Read(JsonElement element, List<ValidationError> errors)
    {
        if (MemberReader.Begin(element, "", errors) is not { } members)
        {
            return null;
        }

        members.RejectOthers(WireMembers.Of<ModelRepairReport>());
        var fields = new FieldErrors(errors);
        string? model = members.Text("model", NameCharacters);
        if (model is null)
        {
            fields.AddMissing("model");
        }
        else if (model.Length == 0)
        {
            fields.Add("model", "model must not be empty.");
        }

        return errors.Count > 0 ? null : new(model!);
    }
}
