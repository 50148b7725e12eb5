using System.Text.Json;
using System.Text.Json.Nodes;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Models;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Models;

/// <summary>A download as a form edits it. It is judged by the reader of the REST endpoint.</summary>
public sealed class DownloadForm
{
    /// <summary>Whether it is a repository of the hub; otherwise an address.</summary>
    public bool IsFromHub { get; set; } = true;

    /// <summary>The repository, <c>name</c> or <c>org/name</c>.</summary>
    public string? Repository { get; set; }

    /// <summary>The branch, tag or commit.</summary>
    public string? Revision { get; set; } = "main";

    /// <summary>The address of a single file.</summary>
    public string? Url { get; set; }

    /// <summary>The SHA-256 that the file must have.</summary>
    public string? Sha256 { get; set; }

    /// <summary>The directory; one of the directories of models.</summary>
    public string? Directory { get; set; }

    /// <summary>The name; by default made from the repository or the file.</summary>
    public string? Name { get; set; }

    /// <summary>What is wrong, by the pointer of the member; the empty one stands for the whole.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private set; } = new Dictionary<string, string>();

    /// <summary>Returns what is wrong with a member, or <see langword="null"/>.</summary>
    public string? Error(string pointer) => Errors.GetValueOrDefault(pointer);

    /// <summary>What is wrong with nothing that can be edited.</summary>
    public string? OtherError => Errors.FirstOrDefault(error => !Shown.Contains(error.Key)).Value;

    private IReadOnlyList<string> Shown => IsFromHub ? ["/repository", "/revision", "/directory", "/name"] : ["/url", "/sha256", "/directory", "/name"];

    /// <summary>Returns the order, or <see langword="null"/> with <see cref="Errors"/>.</summary>
    internal DownloadOrder? Build(ModelPlaces places, SourceRules sources)
    {
        var body = new JsonObject();
        if (IsFromHub)
        {
            body["repository"] = Repository?.Trim() ?? "";
            Set(body, "revision", Revision);
        }
        else
        {
            body["url"] = Url?.Trim() ?? "";
            Set(body, "sha256", Sha256);
        }

        Set(body, "directory", Directory);
        Set(body, "name", Name);
        var errors = new List<ValidationError>();
        var order = DownloadReport.Read(JsonSerializer.SerializeToElement(body), places, sources, errors);
        if (IsFromHub && string.IsNullOrWhiteSpace(Repository))
        {
            errors.Insert(0, new("", "/repository"));
        }

        Refuse(errors);
        return errors.Count == 0 ? order : null;
    }

    /// <summary>Shows what was wrong when the download was to start.</summary>
    internal void Refuse(IReadOnlyList<ValidationError> errors) =>
        Errors = errors.DistinctBy(error => error.Pointer ?? "").ToDictionary(error => error.Pointer ?? "", error => Words(error.Pointer ?? "", error.Detail), StringComparer.Ordinal);

    private static void Set(JsonObject body, string member, string? text)
    {
        if (text?.Trim() is { Length: > 0 } value)
        {
            body[member] = value;
        }
    }

    private string Words(string pointer, string detail) => pointer switch
    {
        "/repository" when string.IsNullOrWhiteSpace(Repository) => "Enter a repository, such as org/name.",
        "/url" when detail.StartsWith("url ", StringComparison.Ordinal) => "Enter an address that begins with http:// or https://.",
        "/sha256" => "Enter 64 hexadecimal digits, or nothing.",
        "/name" => "Enter 1 or 2 parts separated by /, of letters, digits, ., _ and -, not beginning with a dot.",
        "/directory" => "Choose one of the directories of models.",
        _ => detail,
    };
}
