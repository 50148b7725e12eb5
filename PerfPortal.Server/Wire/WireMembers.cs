using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace PerfPortal.Server.Wire;

/// <summary>The names of the members of a body.</summary>
internal static class WireMembers
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<string>> Known = [];

    /// <summary>Returns the names of the members of a body, in their order.</summary>
    public static IReadOnlyList<string> Of<T>() => Known.GetOrAdd(
        typeof(T), type => [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))]);
}
