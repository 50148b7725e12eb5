using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace PerfPortal.Tests.Replay;

/// <summary>The two report endpoints, in memory. <see cref="Before"/> may answer in the portal's place.</summary>
internal sealed class FakePortal : HttpMessageHandler
{
    private readonly HashSet<string> _ids = [];

    public List<(Uri Address, string? MediaType, string? Encoding, string? Key, string Text)> Requests { get; } = [];

    public Func<int, HttpResponseMessage?> Before { get; set; } = _ => null;

    public Func<JsonElement, string?> Reject { get; set; } = _ => null;

    public IEnumerable<JsonElement> Operations => Requests
        .Where(request => request.Address.AbsolutePath.EndsWith("/operations/batch", StringComparison.Ordinal))
        .SelectMany(request => Lines(request.Text));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var gzip = new GZipStream(await request.Content!.ReadAsStreamAsync(cancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        string text = await reader.ReadToEndAsync(cancellationToken);
        Requests.Add((
            request.RequestUri!,
            request.Content.Headers.ContentType?.MediaType,
            request.Content.Headers.ContentEncoding.SingleOrDefault(),
            request.Headers.Authorization?.ToString(),
            text));
        return Before(Requests.Count) ?? Answer(request.RequestUri!, text);
    }

    private HttpResponseMessage Answer(Uri address, string text)
    {
        if (address.AbsolutePath.EndsWith("/resources", StringComparison.Ordinal))
        {
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }

        int accepted = 0, duplicates = 0, index = 0;
        var rejected = new List<object>();
        foreach (var operation in Lines(text))
        {
            if (Reject(operation) is { } detail)
            {
                rejected.Add(new { index, detail });
            }
            else if (_ids.Add(operation.GetProperty("id").GetString()!))
            {
                accepted++;
            }
            else
            {
                duplicates++;
            }

            index++;
        }

        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(JsonSerializer.Serialize(new { accepted, duplicates, rejected }), Encoding.UTF8, "application/json"),
        };
    }

    private static IEnumerable<JsonElement> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line));
}
