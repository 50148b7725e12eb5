using System.Diagnostics.CodeAnalysis;
using System.Text;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Client;

/// <summary>Replaces what is not valid Unicode, such as half of a surrogate pair in a message that was cut, which JSON cannot hold.</summary>
internal static class ValidText
{
    /// <summary>Returns an operation with valid texts.</summary>
    public static Operation Of(Operation operation) => operation with
    {
        Name = Of(operation.Name),
        Source = Of(operation.Source),
        ErrorType = Of(operation.ErrorType),
        ErrorMessage = Of(operation.ErrorMessage),
        Progress = Of(operation.Progress),
        Metadata = Metadata.Of([.. operation.Metadata.Select(Of)]),
    };

    /// <summary>Returns progress with a valid unit.</summary>
    public static Progress? Of(Progress? progress) => progress is { } reported ? reported with { Unit = Of(reported.Unit) } : null;

    /// <summary>Returns a member with a valid name and value.</summary>
    public static KeyValuePair<string, MetadataValue> Of(KeyValuePair<string, MetadataValue> member) => new(Of(member.Key), member.Value.Kind switch
    {
        MetadataKind.Text => MetadataValue.From(Of(member.Value.Text)),
        MetadataKind.Json => MetadataValue.FromJson(Of(member.Value.Text!)),
        _ => member.Value,
    });

    /// <summary>Returns a valid text.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text) => text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
