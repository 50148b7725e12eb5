namespace PerfPortal.Domain.Models.Health.Results;

/// <summary>The kinds of reasons, in their wire names.</summary>
public static class HealthReasonKinds
{
    /// <summary>A file that the model needs is not there.</summary>
    public const string Missing = "missing";

    /// <summary>A download that has not ended.</summary>
    public const string PartialDownload = "partial_download";

    /// <summary>The file is longer than its manifest says.</summary>
    public const string Size = "size";

    /// <summary>The file has another hash than its manifest or its cache says.</summary>
    public const string Hash = "hash";

    /// <summary>The content changed although size and modification time did not.</summary>
    public const string SilentChange = "silent_change";

    /// <summary>The file was replaced by other content; it is trusted from now on.</summary>
    public const string Changed = "changed";

    /// <summary>The file changed while it was read.</summary>
    public const string BeingWritten = "being_written";

    /// <summary>The file ends too early.</summary>
    public const string Truncated = "truncated";

    /// <summary>A header says something that cannot be.</summary>
    public const string Header = "header";

    /// <summary>Two tensors or entries share bytes.</summary>
    public const string Overlap = "overlap";

    /// <summary>Bytes that belong to no tensor or entry.</summary>
    public const string Hole = "hole";

    /// <summary>A tensor does not begin where its alignment says.</summary>
    public const string Alignment = "alignment";

    /// <summary>A tensor, entry or reference lies outside its file.</summary>
    public const string OutOfFile = "out_of_file";

    /// <summary>A stored checksum does not match the content.</summary>
    public const string Checksum = "checksum";

    /// <summary>The text is not valid JSON.</summary>
    public const string Json = "json";

    /// <summary>The text is not valid.</summary>
    public const string Text = "text";

    /// <summary>Files of the model contradict each other.</summary>
    public const string Contradiction = "contradiction";

    /// <summary>Valid, but of a version or type that this program does not know.</summary>
    public const string UnknownFeature = "unknown_feature";

    /// <summary>The file is larger or has more parts than is examined.</summary>
    public const string Limit = "limit";

    /// <summary>The file could not be read.</summary>
    public const string Unreadable = "unreadable";
}
