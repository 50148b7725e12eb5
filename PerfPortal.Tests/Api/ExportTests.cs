using System.Net;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>Files for spreadsheets.</summary>
public sealed class ExportTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    [Theory]
    [InlineData("/export/operations.csv?bom=true", true)]
    [InlineData("/export/operations.csv?bom=false", false)]
    [InlineData("/export/operations.csv", false)]
    [InlineData("/export/operations.json?bom=true", false)]
    [InlineData("/api/v1/performance/report?format=csv&bom=true", true)]
    [InlineData("/api/v1/performance/report?format=csv", false)]
    [InlineData("/api/v1/performance/report?format=markdown&bom=true", false)]
    public async Task A_csv_file_begins_with_a_byte_order_mark_when_it_is_asked_for_so_that_Excel_shows_other_letters_than_ASCII(string path, bool hasMark)
    {
        (await portal.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("Übergröße 模型") })).Expect(200);
        using var response = await portal.Client.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(hasMark, bytes.AsSpan().StartsWith(Mark));
        Assert.Contains("Übergröße", System.Text.Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.False(bytes.AsSpan(3).StartsWith(Mark));
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Another_value_than_true_or_false_is_refused() =>
        (await portal.Client.GetAsync("/export/operations.csv?bom=yes")).ExpectProblem(400, "bom must be one of true, false");

    [Fact]
    public async Task Names_that_look_like_formulas_come_out_of_the_operations_export_neutralised()
    {
        foreach (string name in new[] { "＝1+1", " =1+1", "=1;2" })
        {
            (await portal.Client.PostAsync("operations/batch", new[] { SampleReports.Ended(name) })).Expect(200);
        }

        string text = (await portal.Client.GetAsync("/export/operations.csv")).Expect(200).Text;
        Assert.Contains(",'＝1+1,", text, StringComparison.Ordinal);
        Assert.Contains(",' =1+1,", text, StringComparison.Ordinal);
        Assert.Contains(",\"'=1;2\",", text, StringComparison.Ordinal);
    }
}
