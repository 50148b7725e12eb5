using System.Buffers.Text;
using System.Text;
using PerfPortal.Server.Sources;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoint that lists sources.</summary>
internal static class SourceListApi
{
    private static readonly TextParameter Search = new("q") { Description = "Only sources whose names contain this text, ignoring case.", Example = "gpu" };

    private static readonly WholeParameter Limit = new("limit", 1, 1000, 100) { Description = "The maximum number of sources.", Example = "100" };

    private static readonly TextParameter Cursor = new("cursor", 1200) { Description = "The next_cursor of the previous page.", Example = "Z3B1LTE" };

    /// <summary>Maps the route.</summary>
    public static void MapSourceListApi(this RouteGroupBuilder group) => group.MapGet("/sources", ListAsync)
        .WithName("ListSources").Heavy(HeavyRead.Search).WithParameters(Search, Limit, Cursor).Produces<ItemsBody<SourceBody>>()
        .WithSummary("List sources").WithDescription("In alphabetical order, with what is stored of each and what its programs dropped or had rejected, as they told with POST /losses. The portal itself is not listed.");

    private static async Task<IResult> ListAsync(HttpContext context, SourceListReader sources, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        string? text = query.Read(Search);
        int limit = query.Read(Limit);
        string? after = null;
        if (query.Read(Cursor) is { } cursor && !TryDecode(cursor, out after))
        {
            query.AddError(Cursor, "cursor is not valid.");
        }

        if (!query.IsValid)
        {
            return query.Problem;
        }

        var (rows, next) = await sources.ReadAsync(text, names => PageOf(names, after, limit), cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new ItemsBody<SourceBody>([.. rows.Select(SourceBody.Of)], next));
    }

    private static (IReadOnlyList<string> Names, string? Next) PageOf(IReadOnlyList<string> names, string? after, int limit)
    {
        string[] page = [.. (after is null ? names : names.SkipWhile(name => Compare(name, after) <= 0)).Take(limit + 1)];
        return page.Length > limit ? (page[..limit], Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page[limit - 1]))) : (page, null);
    }

    private static int Compare(string left, string right) =>
        StringComparer.OrdinalIgnoreCase.Compare(left, right) is var order and not 0 ? order : StringComparer.Ordinal.Compare(left, right);

    private static bool TryDecode(string cursor, out string? name)
    {
        bool isValid = Base64Url.IsValid(cursor);
        name = isValid ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : null;
        return isValid;
    }
}
