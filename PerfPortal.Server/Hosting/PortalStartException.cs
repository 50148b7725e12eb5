namespace PerfPortal.Server.Hosting;

/// <summary>Thrown when the portal cannot start for a reason outside of it. The message is one sentence for the administrator, with what to do.</summary>
internal sealed class PortalStartException(string reason, Exception? cause = null) : Exception("PerfPortal cannot start: " + reason, cause);
