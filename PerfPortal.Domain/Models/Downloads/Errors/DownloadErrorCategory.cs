namespace PerfPortal.Domain.Models.Downloads.Errors;

/// <summary>Why a download failed. The wire name is in snake_case, as the known fact <c>error_category</c>.</summary>
public enum DownloadErrorCategory
{
    /// <summary>No connection, a broken one, or one without progress.</summary>
    Network,

    /// <summary>The server answered with an error, or with something that it should not have.</summary>
    Server,

    /// <summary>The server asks for fewer requests.</summary>
    RateLimit,

    /// <summary>The disk is full, or the file cannot be written.</summary>
    Disk,

    /// <summary>The bytes are not the expected ones.</summary>
    Integrity,

    /// <summary>The server asks for credentials, or refuses the ones sent.</summary>
    Authentication,

    /// <summary>The caller cancelled it.</summary>
    Cancelled,

    /// <summary>The settings do not allow the address; nothing was sent to it.</summary>
    NotAllowed,
}
