namespace PerfPortal.Domain.Operations;

/// <summary>The metadata members by which a health check says what it found about a model. Any program may report them; the name of the operation is that of the model.</summary>
public static class HealthCheckFacts
{
    /// <summary>Whether content is not what it should be; a boolean.</summary>
    public const string CorruptionDetected = "corruption_detected";

    /// <summary>How much of the model is as it should be, 0–1; 1 only without any error.</summary>
    public const string IntegrityScore = "integrity_score";

    /// <summary>The files that should be there and are not, at least 0.</summary>
    public const string FilesMissing = "files_missing";

    /// <summary>The files that were examined, at least 0.</summary>
    public const string FilesChecked = "files_checked";

    /// <summary>The bytes that were read, at least 0.</summary>
    public const string BytesChecked = "bytes_checked";

    /// <summary>What was found, worst first: a text, or an array of texts.</summary>
    public const string Reasons = "reasons";

    /// <summary>True when the model is gone and is not going to be checked any more. The check is then cancelled, since there is nothing to check.</summary>
    public const string ModelDeleted = "model_deleted";
}
