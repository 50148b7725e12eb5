using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using PerfPortal.Server.Security;

namespace PerfPortal.Tests.Security;

/// <summary>The expected access, stated independently of the code: an endpoint that is not listed here fails the matrix test.</summary>
internal static partial class AccessTable
{
    private const string Api = "/api/v1/performance";

    private static readonly string[] Pages =
    [
        "/", "/live", "/operations", "/operations/{Id}", "/resources", "/insights", "/benchmarks", "/compare", "/report", "/not-found", "/alerts", "/alerts/{Id}", "/models", "/models/view",

        // Forms that are closed for who may not change anything; receivers are not shown to them at all.
        "/alerts/rules/new", "/alerts/rules/{Id}", "/alerts/receivers/new", "/alerts/receivers/{Id}",
    ];

    // In development the framework serves files that are added while the portal runs. The endpoint names no scope, so it is closed in a team.
    private const string AddedFiles = "/{**path:file}";

    private static readonly Scope[] Anyone = [];
    private static readonly Scope[] Reader = [Scope.Read];
    private static readonly Scope[] Reporter = [Scope.Report];

    // A program that reports asks for advice with the same key.
    private static readonly Scope[] ReaderOrReporter = [Scope.Read, Scope.Report];

    private static readonly Dictionary<string, Scope[]> Listed = new (Scope[] Scopes, string[] Endpoints)[]
    {
        (Anyone, ["GET /livez", "GET /alive", "GET /readyz", "GET /health", "GET /sign-in", "POST /sign-in", "POST /sign-out"]),
        (Reader,
        [
            $"GET {Api}/metrics/{{metric_type}}", $"GET {Api}/operations/active", $"GET {Api}/operations/{{id}}", $"GET {Api}/resources/current", $"GET {Api}/resources/history",
            $"GET {Api}/dashboard", $"GET {Api}/report", $"GET {Api}/compare", $"GET {Api}/benchmarks", $"GET {Api}/benchmarks/baseline", $"GET {Api}/recommendations",
            $"GET {Api}/recommendations/groups", $"GET {Api}/score",
            $"GET {Api}/findings",
            $"GET {Api}/findings/{{id}}",
            $"GET {Api}/regressions",
            $"GET {Api}/anomalies",
            $"GET {Api}/forecasts",
            $"GET {Api}/failures",
            $"POST {Api}/detect",
            $"GET {Api}/markers", $"GET {Api}/sources",
            $"GET {Api}/alerts",
            $"GET {Api}/alerts/{{id}}",
            $"GET {Api}/silences",
            $"GET {Api}/models", $"GET {Api}/models/downloads", $"GET {Api}/models/downloads/{{id}}", $"GET {Api}/models/fallbacks", $"GET {Api}/models/integrity",
            $"GET {Api}/alerts/rules", $"GET {Api}/alerts/rules/{{id}}", $"GET {Api}/alerts/rules/{{id}}/noise", $"POST {Api}/alerts/rules/preview",
            $"GET {Api}/alerts/deliveries",
            $"GET {Api}/pipeline", $"GET {Api}/settings/thresholds", $"GET {Api}/settings/thresholds/history", $"GET {Api}/settings/thresholds/suggestions", $"POST {Api}/settings/thresholds/preview",
            "GET /export/operations.csv", "GET /export/operations.json", "GET /export/operations.ndjson", "GET /stream", "GET /hubs/performance", "GET /hubs/performance/negotiate",
            "GET /openapi/{documentName}.json", "GET /scalar/{documentName?}", "GET /scalar/scalar.js", "GET /scalar/scalar.aspnetcore.js", "GET /scalar/favicon.svg",
        ]),
        (ReaderOrReporter, [$"GET {Api}/advice/download", $"GET {Api}/advice/health-check", $"GET {Api}/advice/fallback", $"GET {Api}/advice/effect"]),
        (Reporter,
        [
            $"POST {Api}/operations", $"PATCH {Api}/operations/{{id}}", $"POST {Api}/operations/{{id}}/complete", $"POST {Api}/operations/batch", $"POST {Api}/resources", $"POST {Api}/losses", $"POST {Api}/markers", $"DELETE {Api}/markers/{{id}}",
            $"PUT {Api}/benchmarks/baseline", $"DELETE {Api}/benchmarks/baseline", $"POST {Api}/optimize", $"POST {Api}/recommendations/{{id}}/apply",
            $"POST {Api}/recommendations/{{id}}/dismiss", $"POST {Api}/recommendations/{{id}}/reopen",
            $"POST {Api}/alerts/{{id}}/acknowledge", $"POST {Api}/alerts/{{id}}/unacknowledge", $"POST {Api}/silences", $"DELETE {Api}/silences/{{id}}",
        ]),
        ([Scope.Admin], [$"POST {Api}/alerts/rules", $"PUT {Api}/alerts/rules/{{id}}", $"DELETE {Api}/alerts/rules/{{id}}"]),
        ([Scope.Admin],
        [
            $"GET {Api}/alerts/receivers", $"POST {Api}/alerts/receivers", $"GET {Api}/alerts/receivers/{{id}}", $"PUT {Api}/alerts/receivers/{{id}}", $"DELETE {Api}/alerts/receivers/{{id}}",
            $"POST {Api}/alerts/receivers/{{id}}/test",
        ]),
        (
            [Scope.Admin],
            [
                $"POST {Api}/models/downloads", $"POST {Api}/models/downloads/{{id}}/cancel", $"POST {Api}/models/downloads/{{id}}/resume", $"DELETE {Api}/models/downloads/{{id}}",
                $"POST {Api}/models/checks", $"POST {Api}/models/repairs",
            ]),
        ([Scope.Admin], [$"PUT {Api}/settings/thresholds", $"DELETE {Api}/sources/{{source}}", $"POST {Api}/demonstration"]),

        // The framework's own, for circuits.
        (Reader, ["GET /_blazor", "GET /_blazor/negotiate", "GET /_blazor/disconnect", "GET /_blazor/initializers", "GET /_framework/opaque-redirect"]),

        // The renderer maps every page for forms too.
        ([Scope.Admin, Scope.Read], ["GET /admin/thresholds", "POST /admin/thresholds", "GET /admin/storage", "POST /admin/storage"]),
        (Reader, [.. Pages.SelectMany(page => new[] { "GET " + page, "POST " + page })]),
    }.SelectMany(row => row.Endpoints.Select(endpoint => (endpoint, row.Scopes))).ToDictionary(row => row.endpoint, row => row.Scopes, StringComparer.Ordinal);

    /// <summary>The endpoints as method and route, with the scopes that the table asks for; <see langword="null"/> for one that is not listed.</summary>
    public static IEnumerable<(RouteEndpoint Endpoint, string Method, string Route, Scope[]? Scopes)> Of(EndpointDataSource endpoints) =>
        endpoints.Endpoints.OfType<RouteEndpoint>().Where(endpoint => RouteOf(endpoint) != AddedFiles).SelectMany(
            endpoint => MethodsOf(endpoint).Select(method => (endpoint, method, RouteOf(endpoint), ScopesOf(endpoint, method))));

    /// <summary>The scopes that an endpoint itself asks for; <see langword="null"/> for one that asks for none and is not open to anyone either.</summary>
    public static IReadOnlyList<Scope>? Required(Endpoint endpoint) => endpoint.Metadata.GetMetadata<AnonymousAccessAttribute>() is not null ? Anyone
        : endpoint.Metadata.GetOrderedMetadata<RequireScopeAttribute>() is { Count: > 0 } required ? [.. required.SelectMany(one => one.AnyOf)] : null;

    /// <summary>Whether a key with these scopes is let in where the table asks for those.</summary>
    public static bool Admits(Scope[] asked, Scope[] granted) => asked == ReaderOrReporter ? asked.Intersect(granted).Any() : !asked.Except(granted).Any();

    /// <summary>The entries for which there is no endpoint.</summary>
    public static IEnumerable<string> Unused(EndpointDataSource endpoints) => Listed.Keys.Except(endpoints.Endpoints.OfType<RouteEndpoint>().SelectMany(
        endpoint => MethodsOf(endpoint).Select(method => $"{method} {RouteOf(endpoint)}")));

    /// <summary>A path that the route matches.</summary>
    public static string PathOf(string route) => Parameter().Replace(route, match => match.Groups[1].Value switch
    {
        "metricType" or "metric_type" => "model_operation",
        "documentName" => "v1",
        _ => "018f2f6e-7c1a-7000-8000-000000000001",
    });

    private static Scope[]? ScopesOf(RouteEndpoint endpoint, string method) =>
        endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null ? Reader
        : Listed.GetValueOrDefault($"{(method == "HEAD" ? "GET" : method)} {RouteOf(endpoint)}");

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is { HttpMethods.Count: > 0 } methods ? methods.HttpMethods : ["GET"];

    private static string RouteOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    [GeneratedRegex(@"\{\**([A-Za-z_]+)[^}]*\}")]
    private static partial Regex Parameter();
}
