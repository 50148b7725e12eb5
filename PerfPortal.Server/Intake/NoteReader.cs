using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>Reads the optional body of an action that takes a note.</summary>
internal static class NoteReader
{
    private static readonly string[] Members = ["note"];

    /// <summary>Returns the note, or what is wrong with the body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="max">The maximum length in characters.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <param name="isClosed">Whether a member with another name is an error.</param>
    public static async Task<(string? Note, IResult? Problem)> ReadAsync(HttpRequest request, int max, CancellationToken cancellationToken, bool isClosed = false)
    {
        if (request.ContentLength is not > 0 && request.ContentType is null)
        {
            return (null, null);
        }

        var (document, problem) = await BodyReader.ReadJsonAsync(request, isClosed ? BodyLimits.Definition : BodyLimits.Single, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return (null, problem);
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            var members = MemberReader.Begin(document.RootElement, "", errors);
            string? note = members?.Text("note", max);
            if (isClosed)
            {
                members?.RejectOthers(Members);
            }

            return errors.Count > 0 ? (null, Problems.Invalid(errors)) : (note, null);
        }
    }
}
