using System.Buffers;
using PerfPortal.Domain.Models.Downloads.Errors;

namespace PerfPortal.Domain.Models.Downloads.Files;

/// <summary>
/// Turns the relative path of a file, which a server may have chosen, into a path that stays inside the target directory on every system.
/// </summary>
internal static class SafePath
{
    private const int MaxSegmentBytes = 240;
    private const int MaxCharacters = 2_000;

    private static readonly SearchValues<char> Refused = SearchValues.Create("\\:*?\"<>|");
    private static readonly HashSet<string> Reserved = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Enumerable.Range(0, 10).SelectMany(digit => new[] { $"COM{digit}", $"LPT{digit}" })],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Says whether two paths are the same file, as the file systems of this operating system commonly do.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>Says why a relative path is refused; <see langword="null"/> when it is fine.</summary>
    public static string? Refuse(string? relative)
    {
        if (string.IsNullOrEmpty(relative))
        {
            return "it is empty";
        }

        if (relative.Length > MaxCharacters)
        {
            return $"it is longer than {MaxCharacters} characters";
        }

        if (relative[0] == '/' || Path.IsPathRooted(relative))
        {
            return "it is absolute";
        }

        foreach (string segment in relative.Split('/'))
        {
            if (RefuseSegment(segment) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>Returns the full path of a file below a directory.</summary>
    /// <exception cref="DownloadException">The path leaves the directory, or a link below it leads out of it.</exception>
    public static string Resolve(string directory, string relative)
    {
        if (Refuse(relative) is { } reason)
        {
            throw new DownloadException(DownloadErrorCategory.Disk, $"The path '{relative}' is refused: {reason}.");
        }

        string root = Path.GetFullPath(directory);
        string full = Path.GetFullPath(Path.Join(root, relative));
        string inside = Follow(root);
        string current = root;
        string[] segments = relative.Split('/');
        foreach (string segment in segments.AsSpan(0, segments.Length - 1))
        {
            current = Path.Join(current, segment);
            if (!Path.Exists(current) && new FileInfo(current).LinkTarget is null)
            {
                break;
            }

            string target = Follow(current);
            if (target != inside && !target.StartsWith(inside.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new DownloadException(DownloadErrorCategory.Disk, $"The path '{relative}' is refused: the link {current} leads out of {root}.");
            }
        }

        return full;
    }

    private static string? RefuseSegment(string segment) => segment switch
    {
        "" => "it has an empty part",
        "." or ".." => $"it contains '{segment}'",
        _ when segment.AsSpan().ContainsAny(Refused) => "it contains one of \\ : * ? \" < > |",
        _ when segment.Any(char.IsControl) => "it contains a control character",
        _ when segment[^1] is ' ' or '.' => $"the part '{segment}' ends in a space or dot",
        _ when Reserved.Contains(segment.Split('.')[0].TrimEnd()) => $"the name '{segment}' is reserved on Windows",
        _ when System.Text.Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes => $"the part '{segment[..20]}…' is longer than {MaxSegmentBytes} bytes",
        _ => null,
    };

    /// <summary>The path with every link on the way followed.</summary>
    private static string Follow(string path)
    {
        string current = Path.GetPathRoot(path) ?? "";
        foreach (string segment in path[current.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            current = Path.Join(current, segment);
            try
            {
                if (new DirectoryInfo(current).ResolveLinkTarget(returnFinalTarget: true) is { } target)
                {
                    current = Path.GetFullPath(target.FullName);
                }
            }
            catch (IOException exception) when (exception is not DirectoryNotFoundException and not FileNotFoundException)
            {
                throw DiskErrors.Of(exception, current);
            }
            catch (IOException)
            {
                // What does not exist yet is no link.
            }
        }

        return current;
    }
}
