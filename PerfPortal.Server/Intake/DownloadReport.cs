using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Hub;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Models;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>A download to be started: one of <c>url</c>, <c>files</c> and <c>repository</c>.</summary>
/// <param name="Url">The address of a single file, http or https.</param>
/// <param name="Sha256">With <c>url</c> only: the SHA-256 that the file must have, 64 hexadecimal digits.</param>
/// <param name="SizeBytes">With <c>url</c> only: the size that the file must have, 0 to 1e15.</param>
/// <param name="Files">The files of a model, at most 10,000.</param>
/// <param name="Repository">A repository of the hub, <c>name</c> or <c>org/name</c>, each part of at most 96 characters; its files and their hashes are listed by the hub.</param>
/// <param name="Revision">The branch, tag or commit of the repository; <c>main</c> when missing.</param>
/// <param name="Layout">How the files of a repository are placed: <c>plain</c>, or <c>cache</c> as the Hugging Face libraries keep them. When missing: as the directory has it.</param>
/// <param name="Directory">One of the directories of models; the download directory when missing.</param>
/// <param name="Name">The name that people read, and the directory of the files: 1 or 2 parts separated by <c>/</c>, each of at most 96 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</param>
internal sealed record DownloadReport(
    string? Url, string? Sha256, long? SizeBytes, IReadOnlyList<DownloadFileReport>? Files,
    string? Repository, [property: StringLength(DownloadReport.NameCharacters)] string? Revision, SnapshotLayout? Layout, string? Directory, string? Name) : IClosedRequestBody
{
    /// <summary>The maximum length of names.</summary>
    public const int NameCharacters = 200;

    /// <summary>The maximum number of files.</summary>
    public const int MaxFiles = 10_000;

    private const int UrlCharacters = 4_000;
    private static readonly string[] Sources = ["url", "files", "repository"];

    /// <summary>Reads and validates an order; <see langword="null"/> when there are errors.</summary>
    public static DownloadOrder? Read(JsonElement element, ModelPlaces places, SourceRules sources, List<ValidationError> errors)
    {
        if (MemberReader.Begin(element, "", errors) is not { } members)
        {
            return null;
        }

        members.RejectOthers(WireMembers.Of<DownloadReport>());
        var fields = new FieldErrors(errors);
        var given = Sources.Where(name => members.Find(name) is not null).ToList();
        if (given.Count != 1)
        {
            fields.Add(given.Count == 0 ? "url" : given[1], $"Exactly one of {string.Join(", ", Sources)} is needed; there {(given.Count == 0 ? "is none" : $"are {string.Join(" and ", given)}")}.");
        }

        string place = ReadPlace(members, places, fields);
        string? repository = members.Text("repository", NameCharacters);
        string? revision = members.Text("revision", NameCharacters);
        var layout = ReadLayout(members, fields);
        var files = ReadFiles(members, sources, fields);
        CheckCompany(members, given, fields);
        string name = ReadName(members, repository ?? files.FirstOrDefault()?.Path, repository is not null, fields);
        if (errors.Count > 0)
        {
            return null;
        }

        var order = new DownloadOrder { Name = name, Place = place, Files = files, Repository = repository, Revision = revision ?? "main", Layout = layout };
        if (files.Count > 0 && new DownloadRequest { Name = name, Directory = place, Files = files }.Check() is { } objection)
        {
            var error = ValidationError.Of(objection);
            errors.Add(given[0] == "url" && objection.StartsWith("files", StringComparison.Ordinal) ? error with { Pointer = "/url" } : error);
            return null;
        }

        return order;
    }

    private static string ReadPlace(MemberReader members, ModelPlaces places, FieldErrors fields)
    {
        if (members.Text("directory") is not { } directory)
        {
            return places.Downloads;
        }

        if (places.Find(directory) is { } place)
        {
            return place;
        }

        fields.Add("directory", $"directory must be one of the directories of models: {string.Join(", ", places.All)}.");
        return "";
    }

    private static SnapshotLayout? ReadLayout(MemberReader members, FieldErrors fields)
    {
        switch (members.Text("layout"))
        {
            case null:
                return null;
            case "plain":
                return SnapshotLayout.Plain;
            case "cache":
                return SnapshotLayout.Cache;
            default:
                fields.Add("layout", "layout must be plain or cache.");
                return null;
        }
    }

    private static void CheckCompany(MemberReader members, List<string> given, FieldErrors fields)
    {
        foreach (string name in (string[])["sha256", "size_bytes"])
        {
            if (members.Find(name) is not null && !given.Contains("url"))
            {
                fields.Add(name, $"{name} belongs to url; with files, each file has its own, and a repository brings them.");
            }
        }

        foreach (string name in (string[])["revision", "layout"])
        {
            if (members.Find(name) is not null && !given.Contains("repository"))
            {
                fields.Add(name, $"{name} belongs to repository.");
            }
        }
    }

    private static List<DownloadFile> ReadFiles(MemberReader members, SourceRules sources, FieldErrors fields)
    {
        if (members.Find("url") is not null)
        {
            return ReadFile(members, sources, fields, isSingle: true) is { } single ? [single] : [];
        }

        if (members.Find("files") is not { } list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxFiles)
        {
            fields.Add("files", $"files must be a list of 1 to {Format.Count(MaxFiles)} files.");
            return [];
        }

        var files = new List<DownloadFile>();
        foreach (var (item, index) in list.EnumerateArray().Select((item, index) => (item, index)))
        {
            var inner = fields.In("files").In(index.ToString(CultureInfo.InvariantCulture));
            if (MemberReader.Begin(item, inner) is { } file)
            {
                file.RejectOthers(WireMembers.Of<DownloadFileReport>());
                if (ReadFile(file, sources, inner, isSingle: false) is { } read)
                {
                    files.Add(read);
                }
            }
        }

        return files;
    }

    private static DownloadFile? ReadFile(MemberReader members, SourceRules sources, FieldErrors fields, bool isSingle)
    {
        var url = ReadUrl(members.Text("url", UrlCharacters), "url", sources, fields);
        string? path = isSingle ? url is null ? null : LastSegment(url) : members.Text("path", 2_000);
        string? sha256 = members.Text("sha256");
        double? size = members.Number("size_bytes");
        if (path is null && !isSingle)
        {
            fields.AddMissing("path");
        }

        if (size is < 0 or > 1e15 || (size is { } bytes && Math.Floor(bytes) != bytes))
        {
            fields.Add("size_bytes", "size_bytes must be a whole number from 0 to 1e15.");
        }

        if (sha256 is not null && !(sha256.Length == 64 && sha256.All(char.IsAsciiHexDigit)))
        {
            fields.Add("sha256", "sha256 must have 64 hexadecimal digits.");
        }

        var mirrors = isSingle ? [] : ReadMirrors(members, sources, fields);
        return url is null || path is null || !fields.IsEmpty ? null : new() { Url = url, Mirrors = mirrors, Path = path, Sha256 = sha256, SizeBytes = (long?)size };
    }

    private static List<Uri> ReadMirrors(MemberReader members, SourceRules sources, FieldErrors fields)
    {
        var mirrors = new List<Uri>();
        if (members.Find("mirrors") is not { } list)
        {
            return mirrors;
        }

        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            fields.Add("mirrors", "mirrors must be a list of at most 20 addresses.");
            return mirrors;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (MemberReader.TryGetString(item, out string text) && ReadUrl(text, "mirrors", sources, fields) is { } mirror)
            {
                mirrors.Add(mirror);
            }
        }

        return mirrors;
    }

    private static Uri? ReadUrl(string? text, string member, SourceRules sources, FieldErrors fields)
    {
        if (text is null)
        {
            fields.AddMissing(member);
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            fields.Add(member, $"{member} must be an absolute http or https address.");
            return null;
        }

        if (sources.Refuse(url) is { } refusal)
        {
            fields.Add(member, refusal);
            return null;
        }

        return url;
    }

    private static string ReadName(MemberReader members, string? basis, bool isRepository, FieldErrors fields)
    {
        if (members.Text("name", NameCharacters) is { } name)
        {
            string[] parts = name.Split('/');
            if (parts.Length > 2 || !parts.All(IsName))
            {
                fields.Add("name", "name must have 1 or 2 parts separated by /, each of letters, digits, '.', '_' and '-' and not beginning with '.'.");
            }

            return name;
        }

        // A repository that is no name is refused by the hub's rules.
        if (isRepository || basis is null)
        {
            return basis ?? "";
        }

        string last = Path.GetFileNameWithoutExtension(basis.Split('/')[^1]);
        string safe = string.Concat(last.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).TrimStart('.');
        return safe.Length == 0 ? "download" : safe;
    }

    private static bool IsName(string part) => part.Length is > 0 and <= 96 && part[0] != '.' && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static string LastSegment(Uri url)
    {
        string last = Uri.UnescapeDataString(url.Segments[^1].TrimEnd('/'));
        string safe = string.Concat(last.Select(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or ' ' ? c : '-')).TrimStart('.').Trim();
        return safe.Length == 0 ? "download" : safe;
    }
}

/// <summary>A file of a download.</summary>
/// <param name="Url">Its address, http or https.</param>
/// <param name="Path">Its path below the model's directory, with <c>/</c> between parts.</param>
/// <param name="Sha256">The SHA-256 that it must have, 64 hexadecimal digits.</param>
/// <param name="SizeBytes">The size that it must have, 0 to 1e15.</param>
/// <param name="Mirrors">Where the same file is too, at most 20 addresses.</param>
internal sealed record DownloadFileReport(
    string Url, string Path, [property: StringLength(64, MinimumLength = 64)] string? Sha256, [property: Range(0, 1_000_000_000_000_000)] long? SizeBytes, IReadOnlyList<string>? Mirrors) : IClosedRequestBody;
