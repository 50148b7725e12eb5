using System.Runtime.InteropServices;
using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>
/// The JSON body of a request that reports an operation. Each method reads and validates it as one kind of report and
/// returns <see langword="null"/> when the report is rejected; <see cref="Problem"/> contains the reasons.
/// </summary>
internal sealed class JsonReport : IDisposable
{
    private readonly List<ValidationError> _errors = [];
    private readonly JsonDocument? _document;
    private IResult? _problem;
    private readonly string _source;
    private JsonReport(JsonDocument? document, IResult? problem, string source, DateTimeOffset now) =>
        (_document, _problem, _source, ArrivedAt) = (document, problem, source, now);

    /// <summary>When the report arrived; the start of an operation that states none.</summary>
    public DateTimeOffset ArrivedAt { get; }

    /// <summary>The reasons why the report is rejected.</summary>
    public IResult Problem => _problem ?? Problems.Invalid(_errors);

    private FieldErrors Errors => new(_errors);

    private OperationValidator Validator => new(_source, ArrivedAt);

    /// <summary>Reads the body of a request.</summary>
    public static async Task<JsonReport> ReadAsync(HttpContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, cancellationToken).ConfigureAwait(false);
        return new(document, problem, Reporter.SourceOf(context), time.GetUtcNow());
    }

    /// <summary>Reads the start of an operation. Without an id in the body, an idempotency key determines it.</summary>
    public Operation? Start(HttpRequest request, IdempotencyKeys keys)
    {
        if (_document is null || !OperationBodies.TryReadStart(_document.RootElement, Errors, out var draft))
        {
            return null;
        }

        (string? key, _problem) = IdempotencyKeys.Read(request);
        draft.Id ??= key is null ? null : IdempotencyKeys.IdOf(_source, key);
        if (_problem is not null || Validator.Start(in draft, Errors) is not { } operation)
        {
            return null;
        }

        _problem = keys.Claim(key, IdempotencyKeys.StartRoute, _source, JsonMarshal.GetRawUtf8Value(_document.RootElement));
        return _problem is null ? operation : null;
    }

    /// <summary>Reads an update of a running operation, if it is known.</summary>
    public OperationUpdate? Update(Operation? running) =>
        _document is not null && OperationBodies.TryReadUpdate(_document.RootElement, Errors, out var draft) ? OperationValidator.Update(in draft, running, Errors) : null;

    /// <summary>Reads the completion of an operation, if it is known.</summary>
    public Ending? Completion(Operation? known) =>
        _document is not null && OperationBodies.TryReadCompletion(_document.RootElement, Errors, out var draft) ? Validator.Completion(in draft, known, Errors) : null;

    /// <summary>Releases the body.</summary>
    public void Dispose() => _document?.Dispose();
}
