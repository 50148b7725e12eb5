using System.Text.Json;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Security;

/// <summary>
/// Keeps the ids of the open sessions with the time at which each expires. The file is replaced as a whole. If it cannot be read, all users must sign in again; if it
/// cannot be written, sessions and sign-outs last until the next start.
/// </summary>
internal sealed class SessionFile(string path, ILogger<SessionFile> logger)
{
    private bool _isFailing;

    /// <summary>Reads the sessions; none when there is no readable file.</summary>
    public Dictionary<string, DateTimeOffset> Read()
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, DateTimeOffset>>(File.ReadAllBytes(path)) ?? [] : [];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            logger.LogWarning("The sessions in {File} cannot be read, so all users have to sign in again: {Reason}", path, problem.Message);
            return [];
        }
    }

    /// <summary>Replaces the file.</summary>
    public void Write(IReadOnlyDictionary<string, DateTimeOffset> sessions)
    {
        try
        {
            PrivateFiles.Replace(path, stream => JsonSerializer.Serialize(stream, sessions), survivesPowerLoss: false);
            _isFailing = false;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (!_isFailing)
            {
                logger.LogWarning("The sessions cannot be written to {File}; sign-ins and sign-outs will be lost at the next restart: {Reason}", path, problem.Message);
            }

            _isFailing = true;
        }
    }
}
