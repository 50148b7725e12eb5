using PerfPortal.Domain.Settings;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Models;

/// <summary>The directories of models on this host.</summary>
internal sealed class ModelPlaces
{
    /// <summary>The directory of <see cref="State"/> in the data directory.</summary>
    public const string StateFolder = "models";

    public ModelPlaces(ModelOptions options, string dataDirectory)
    {
        State = Path.Combine(dataDirectory, StateFolder);
        Downloads = options.DownloadDirectory ?? Path.Combine(State, "files");
        All = [.. options.Directories.Append(Downloads).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Where the components keep their state.</summary>
    public string State { get; }

    /// <summary>Where downloads go that name no directory.</summary>
    public string Downloads { get; }

    /// <summary>The directories that are searched for models, in which downloads may be stored.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Creates <see cref="State"/>, which only the portal's user can read, if it is not there.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">It cannot be created.</exception>
    public string CreateState() => PrivateFiles.CreateDirectory(State).FullName;

    /// <summary>Returns one of <see cref="All"/>, written in any way; <see langword="null"/> for another directory, and for a path that cannot be one.</summary>
    public string? Find(string directory)
    {
        try
        {
            string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
            return All.FirstOrDefault(place => string.Equals(place, full, StringComparison.Ordinal));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether the Hugging Face libraries keep their files in a directory, so that they find what is stored in the same way.</summary>
    public static bool IsHubCache(string directory)
    {
        try
        {
            return Directory.Exists(directory) && Directory.EnumerateDirectories(directory, "models--*").Any();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
