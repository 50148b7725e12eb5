namespace PerfPortal.Server.Hosting;

/// <summary>Thrown when the portal cannot start for an external reason. The message is one sentence for the administrator, including the remedy.</summary>
internal sealed class PortalStartException(string reason, Exception? cause = null) : Exception("PerfPortal cannot start: " + reason, cause);
