using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace PerfPortal.Server.Api;

/// <summary>The methods of each route.</summary>
internal sealed class MethodTable
{
    private readonly FrozenDictionary<string, SortedSet<string>?> _literals;
    private readonly (TemplateMatcher Matcher, SortedSet<string>? Methods)[] _templates;

    /// <summary>Reads the routes of endpoints; catch-all routes are ignored.</summary>
    public MethodTable(IEnumerable<Endpoint> endpoints)
    {
        var routes = endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.Parameters.All(parameter => !parameter.IsCatchAll))
            .GroupBy(endpoint => TextOf(endpoint.RoutePattern), StringComparer.OrdinalIgnoreCase)
            .Select(group => (group.First().RoutePattern, Text: group.Key, Methods: MethodsOf(group)))
            .ToList();
        _literals = routes.Where(route => route.RoutePattern.Parameters.Count == 0)
            .ToFrozenDictionary(route => route.Text, route => route.Methods, StringComparer.OrdinalIgnoreCase);
        _templates =
        [
            .. routes.Where(route => route.RoutePattern.Parameters.Count > 0).OrderBy(route => route.RoutePattern.InboundPrecedence)
                .Select(route => (new TemplateMatcher(new RouteTemplate(route.RoutePattern), []), route.Methods)),
        ];
    }

    /// <summary>The methods of the most specific route that matches a path; <see langword="null"/> when there is none or it takes any method.</summary>
    /// <param name="path">The path.</param>
    /// <param name="literalOnly">Whether to look at routes without parameters only.</param>
    public IReadOnlyCollection<string>? Find(PathString path, bool literalOnly)
    {
        if (_literals.TryGetValue(path.Value!.Trim('/'), out var methods) || literalOnly)
        {
            return methods;
        }

        foreach (var (matcher, found) in _templates)
        {
            if (matcher.TryMatch(path, []))
            {
                return found;
            }
        }

        return null;
    }

    private static string TextOf(RoutePattern pattern) => pattern.RawText!.Trim('/');

    /// <summary>A GET answers HEAD too; an endpoint without methods takes any.</summary>
    private static SortedSet<string>? MethodsOf(IEnumerable<RouteEndpoint> endpoints)
    {
        var methods = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is not { Count: > 0 } own)
            {
                return null;
            }

            methods.UnionWith(own);
        }

        if (methods.Contains(HttpMethods.Get))
        {
            methods.Add(HttpMethods.Head);
        }

        return methods;
    }
}
