using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Security;

/// <summary>
/// Stores the data protection keys as files that only the portal's user can read. The framework's own store fails every page when one file is damaged or the
/// directory cannot be used. Here a damaged file is set aside, an unreadable one is skipped, and keys that cannot be stored are kept in memory: users must then
/// sign in again, and nothing else is lost.
/// </summary>
internal sealed class KeyFiles : IXmlRepository
{
    private const string Ending = ".xml";
    private const string SetAsideEnding = ".damaged";
    private static readonly string[] Dates = ["creationDate", "activationDate", "expirationDate"];

    private readonly string _directory;
    private readonly ILogger<KeyFiles> _logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, XElement> _unsaved = [];
    private readonly HashSet<string> _reported = [];

    /// <summary>Creates the store and, if possible, its directory.</summary>
    public KeyFiles(string directory, ILogger<KeyFiles> logger)
    {
        (_directory, _logger) = (directory, logger);
        Try(() =>
        {
            PrivateFiles.CreateDirectory(directory);
            PrivateFiles.Tighten(directory);
        });
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_lock)
        {
            foreach (string name in _unsaved.Keys.ToList())
            {
                if (TrySave(name, _unsaved[name]))
                {
                    _unsaved.Remove(name);
                }
            }

            string[] files = [];
            Try(() => files = Directory.GetFiles(_directory, "*" + Ending));
            return [.. files.Select(Read).OfType<XElement>(), .. _unsaved.Values];
        }
    }

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_lock)
        {
            string name = friendlyName.Length > 0 && friendlyName.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? friendlyName : Guid.NewGuid().ToString();
            if (!TrySave(name, element))
            {
                _unsaved[name] = element;
            }
        }
    }

    private XElement? Read(string file)
    {
        try
        {
            PrivateFiles.Tighten(file);
            var element = XElement.Load(file);
            if (element.Name != "key" || IsKey(element))
            {
                return element;
            }

            SetAside(file, "It is not a complete key.");
        }
        catch (XmlException exception)
        {
            SetAside(file, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report($"{FileAccessProblem.Explain(file) ?? $"{file} cannot be read: {exception.Message}"} Until that is fixed, sessions that use this key are not valid.");
        }

        return null;
    }

    private static bool IsKey(XElement key) =>
        Guid.TryParse((string?)key.Attribute("id"), out _)
        && Dates.All(name => DateTimeOffset.TryParse((string?)key.Element(name), out _))
        && key.Element("descriptor")?.Attribute("deserializerType") is not null
        && key.Descendants("value").All(value => Convert.TryFromBase64String(value.Value, new byte[value.Value.Length], out int length) && length > 0);

    private void SetAside(string file, string reason)
    {
        string place = file + SetAsideEnding;
        try
        {
            File.Move(file, place, overwrite: true);
            _logger.LogWarning(
                "The key file {File} is damaged and was renamed to {Place}. {Reason} A new key is created if there is no other; users whose sessions use this one must sign in again.",
                file, Path.GetFileName(place), reason);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report($"The key file {file} is damaged and ignored, and could not be renamed: {exception.Message} Delete it.");
        }
    }

    private bool TrySave(string name, XElement element)
    {
        string file = Path.Combine(_directory, name + Ending);
        return Try(() =>
        {
            PrivateFiles.CreateDirectory(_directory);
            PrivateFiles.Replace(file, element.Save, survivesPowerLoss: true);
        });
    }

    private bool Try(Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string reason = FileAccessProblem.Explain(Path.Combine(_directory, "key" + Ending)) ?? $"{_directory} cannot be used: {exception.Message}";
            Report($"The keys of sign-in sessions are kept in memory only, so sessions end with the process. {reason}");
            return false;
        }
    }

    /// <summary>Logs a warning only once: the keys are read repeatedly.</summary>
    private void Report(string warning)
    {
        if (_reported.Add(warning))
        {
            _logger.LogWarning("{Warning}", warning);
        }
    }
}
