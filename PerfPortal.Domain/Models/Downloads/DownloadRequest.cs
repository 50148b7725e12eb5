using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>One file to download.</summary>
public sealed record DownloadFile
{
    /// <summary>The most entries of <see cref="Damage"/>.</summary>
    public const int MaxDamage = 10_000;

    /// <summary>The most entries of <see cref="Mirrors"/>.</summary>
    public const int MaxMirrors = 20;

    /// <summary>Where it is: http or https. A user and a password in it are sent as basic authentication, and kept in memory only.</summary>
    public required Uri Url { get; init; }

    /// <summary>Where the same file is too, in the order in which they are tried after <see cref="Url"/>; at most <see cref="MaxMirrors"/>.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>Its path below the directory, with <c>/</c> between parts, at most 2,000 characters.</summary>
    public required string Path { get; init; }

    /// <summary>The SHA-256 that it must have, 64 hexadecimal digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The id that Git gives its content as a blob (SHA-1), 40 hexadecimal digits.</summary>
    public string? GitSha1 { get; init; }

    /// <summary>The size that it must have, bytes, at least 0.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>
    /// The bytes of the file that is there which are damaged or missing, in any order: only these are loaded, the others are copied. Empty for the whole file; at most <see cref="MaxDamage"/>.
    /// It needs a hash and <see cref="SizeBytes"/>: the hash decides whether the file is whole again, and the whole file is loaded if it is not.
    /// </summary>
    public IReadOnlyList<DamagedBytes> Damage { get; init; } = [];

    /// <summary>A link below the directory that will lead to it, as in the Hugging Face cache; same limits as <see cref="Path"/>.</summary>
    public string? LinkPath { get; init; }
}

/// <summary>Bytes of a file that are not what they should be.</summary>
/// <param name="Offset">The first byte, from 0.</param>
/// <param name="Length">The number of bytes, at least 1.</param>
public readonly record struct DamagedBytes(long Offset, long Length);

/// <summary>What a repository is called at one time, as the Hugging Face cache notes it.</summary>
/// <param name="Repository">The repository, such as <c>org/name</c>.</param>
/// <param name="Revision">The branch or tag that was asked for, such as <c>main</c>.</param>
/// <param name="Commit">The commit that it stood for.</param>
public sealed record SnapshotReference(string Repository, string Revision, string Commit);

/// <summary>The repository of a hub from which files come.</summary>
/// <param name="Hub">The address of the hub, such as <c>https://huggingface.co</c>, without credentials.</param>
/// <param name="Repository">The repository, such as <c>org/name</c>.</param>
/// <param name="Revision">The branch, tag or commit that was asked for, such as <c>main</c>.</param>
/// <param name="Commit">The commit that it stood for.</param>
public sealed record HubOrigin(string Hub, string Repository, string Revision, string Commit);

/// <summary>A download: one file, or all files of a model.</summary>
public sealed record DownloadRequest
{
    /// <summary>The most files of one download.</summary>
    public const int MaxFiles = 100_000;

    /// <summary>The most characters of a name.</summary>
    public const int MaxNameCharacters = 200;

    private const int Sha256Digits = 64;
    private const int Sha1Digits = 40;

    /// <summary>The name, as people read it in Operations; the name of the first file when <see langword="null"/>. At most <see cref="MaxNameCharacters"/> characters.</summary>
    public string? Name { get; init; }

    /// <summary>The files, 1 to <see cref="MaxFiles"/>.</summary>
    public required IReadOnlyList<DownloadFile> Files { get; init; }

    /// <summary>The directory under which the files are placed; it is created if need be.</summary>
    public required string Directory { get; init; }

    /// <summary>The value of the Authorization header, such as <c>Bearer …</c>. It is sent to the server of each file's <see cref="DownloadFile.Url"/> only, and is never written to disk or logs.</summary>
    public string? Authorization { get; init; }

    /// <summary>Further headers; handled like <see cref="Authorization"/>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The proxy, with user and password if it needs them; otherwise that of the options.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The revision that is noted when all files are there, in the layout of the Hugging Face cache; <see langword="null"/> otherwise.</summary>
    public SnapshotReference? Snapshot { get; init; }

    /// <summary>The repository from which the files come, for people; <see langword="null"/> for single addresses.</summary>
    public HubOrigin? Origin { get; init; }

    /// <summary>Whether it repairs a model that is there: it is reported as a repair, and a manifest keeps the name of its model.</summary>
    public bool IsRepair { get; init; }

    /// <summary>The name that people read.</summary>
    public string DisplayName => Name ?? Files[0].Path.Split('/')[^1];

    /// <summary>Whether it holds something that is not written to disk, so that it cannot be continued without it after a restart.</summary>
    public bool NeedsCredentials =>
        Authorization is not null || Headers.Count > 0 || Proxy?.UserInfo.Length > 0 || Files.Any(file => SafeUrl.HasSecret(file.Url) || file.Mirrors.Any(SafeUrl.HasSecret));

    /// <summary>Says what is wrong with it: the member, a colon and a sentence; <see langword="null"/> when nothing is.</summary>
    public string? Check()
    {
        if (Files.Count is 0 or > MaxFiles)
        {
            return $"files: There must be 1 to {Format.Count(MaxFiles)} files.";
        }

        if (Name is { Length: 0 or > MaxNameCharacters })
        {
            return $"name: The name must have 1 to {MaxNameCharacters} characters.";
        }

        if (string.IsNullOrWhiteSpace(Directory))
        {
            return "directory: A directory must be given.";
        }

        if (Proxy is not null && !(Proxy.IsAbsoluteUri && Proxy.Scheme is "http" or "https" or "socks4" or "socks5"))
        {
            return "proxy: The proxy must be an absolute http, https, socks4 or socks5 address.";
        }

        return Files.Select((file, index) => Refuse(file) is { } reason ? $"files[{index}].{reason}" : null).FirstOrDefault(reason => reason is not null)
            ?? CheckSnapshot() ?? CheckDistinct();
    }

    /// <summary>Hides what a record would print: it may hold credentials.</summary>
    public override string ToString() => $"download of {Files.Count} files";

    /// <summary>Says what is wrong with a file: the member, a colon and a sentence; <see langword="null"/> when nothing is.</summary>
    internal static string? Refuse(DownloadFile file) =>
        !SafeUrl.IsWeb(file.Url) ? "url: The address must be an absolute http or https address."
        : file.Mirrors.Count > DownloadFile.MaxMirrors ? $"mirrors: There must be at most {DownloadFile.MaxMirrors} mirrors."
        : !file.Mirrors.All(SafeUrl.IsWeb) ? "mirrors: The mirrors must be absolute http or https addresses."
        : SafePath.Refuse(file.Path) is { } path ? $"path: The path '{file.Path}' is refused: {path}."
        : file.LinkPath is not null && SafePath.Refuse(file.LinkPath) is { } link ? $"link_path: The path '{file.LinkPath}' is refused: {link}."
        : !IsHash(file.Sha256, Sha256Digits) ? $"sha256: A SHA-256 has {Sha256Digits} hexadecimal digits."
        : !IsHash(file.GitSha1, Sha1Digits) ? $"git_sha1: A Git id has {Sha1Digits} hexadecimal digits."
        : file.SizeBytes < 0 ? "size_bytes: The size must be at least 0."
        : CheckDamage(file) is { } damage ? $"damage: {damage}"
        : null;

    private static string? CheckDamage(DownloadFile file) => file.Damage.Count == 0 ? null
        : file.Damage.Count > DownloadFile.MaxDamage ? $"There must be at most {Format.Count(DownloadFile.MaxDamage)} damaged ranges."
        : file.SizeBytes is not { } size || (file.Sha256 is null && file.GitSha1 is null) ? "Damaged ranges need size_bytes and a hash, which decides whether the file is whole again."
        : file.Damage.Any(range => range.Offset < 0 || range.Length < 1 || range.Offset > size - range.Length) ? "The damaged ranges must lie within the file."
        : null;

    private string? CheckSnapshot() => Snapshot is null ? null
        : SafePath.Refuse(SnapshotPlace.Reference(Snapshot.Repository, Snapshot.Revision)) is { } reason ? $"snapshot: The snapshot is refused: {reason}."
        : Snapshot.Commit.Length is 0 or > 64 || !Snapshot.Commit.All(char.IsAsciiHexDigit) ? "snapshot.commit: A commit has 1 to 64 hexadecimal digits."
        : null;

    /// <summary>
    /// Two files must not meet at one path, also not on systems where case does not count, unless they are repaired, for then they are there side by side; the same content may be linked twice.
    /// </summary>
    private string? CheckDistinct()
    {
        var taken = new HashSet<string>(IsRepair ? SafePath.Comparer : StringComparer.OrdinalIgnoreCase);
        foreach (string path in Files.Select(file => file.Path).Distinct(StringComparer.Ordinal).Concat(Files.Select(file => file.LinkPath).OfType<string>()))
        {
            if (!taken.Add(path))
            {
                return $"files: More than one file has the path {path}.";
            }
        }

        foreach (var group in Files.GroupBy(file => file.Path, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            if (group.Any(file => file.LinkPath is null || file.Sha256 != group.First().Sha256 || file.GitSha1 != group.First().GitSha1))
            {
                return $"files: More than one file has the path {group.Key}.";
            }
        }

        return Files.Any(file => taken.Contains(PartFile.PathOf(file.Path))) ? $"files: A file must not have the name of another one with {PartFile.Suffix}." : null;
    }

    private static bool IsHash(string? text, int digits) => text is null || (text.Length == digits && text.All(char.IsAsciiHexDigit));
}
