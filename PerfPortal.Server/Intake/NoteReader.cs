using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>Reads the optional body of an action that takes a note.</summary>
internal static class NoteReader
{
    /// <summary>Returns the note, or what is wrong with the body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="max">The maximum length in characters.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<(string? Note, IResult? Problem)> ReadAsync(HttpRequest request, int max, CancellationToken cancellationToken)
    {
        if (request.ContentLength is not > 0 && request.ContentType is null)
        {
            return (null, null);
        }

        var (document, problem) = await BodyReader.ReadJsonAsync(request, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return (null, problem);
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            string? note = MemberReader.Begin(document.RootElement, "", errors)?.Text("note", max);
            return errors.Count > 0 ? (null, Problems.Invalid(errors)) : (note, null);
        }
    }
}
