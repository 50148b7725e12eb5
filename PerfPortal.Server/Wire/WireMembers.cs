using System.Collections.Concurrent;

namespace PerfPortal.Server.Wire;

/// <summary>The names of the members of a body.</summary>
internal static class WireMembers
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<string>> Known = [];

    /// <summary>Returns the names of the members of a body, in their order.</summary>
    public static IReadOnlyList<string> Of<T>() => Known.GetOrAdd(typeof(T), type => [.. WireJson.Options.GetTypeInfo(type).Properties.Select(property => property.Name)]);
}
