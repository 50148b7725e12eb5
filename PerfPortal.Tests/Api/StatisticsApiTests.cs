using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>The portal's statistics of 500 operations, compared with an independent computation.</summary>
public sealed partial class StatisticsApiTests(StatisticsApiTests.LoadedPortal loaded) : IClassFixture<StatisticsApiTests.LoadedPortal>
{
    private PortalClient Client => loaded.Portal.Client;

    [Theory]
    [InlineData("model_operation", null, null)]
    [InlineData("download_operation", null, null)]
    [InlineData("model_operation", "one", null)]
    [InlineData("model_operation", null, "alpha")]
    [InlineData("model_operation", "two", "beta")]
    [InlineData("analytics_collection", null, null)]
    public async Task Figures_of_a_type_agree_and_stay_after_a_resend(string type, string? source, string? name)
    {
        string query = $"metrics/{type}?{loaded.Range}" + (source is null ? "" : $"&source={source}") + (name is null ? "" : $"&name={name}");
        var expected = loaded.Made.Where(item => item.Type == type && (source is null || item.Source == source) && (name is null || item.Name == name)).ToList();
        var figures = (await Client.GetAsync(query)).Expect(200)["statistics"];
        Agree(expected, figures);
        Assert.Equal(expected.Count(item => item.Counts) / 24.0, figures.GetProperty("throughput_per_hour").GetDouble(), 6);

        var resent = (await Client.PostAsync("operations/batch", loaded.Bodies)).Expect(200);
        Assert.Equal((0, loaded.Made.Count), (resent["accepted"].GetInt32(), resent["duplicates"].GetInt32()));
        Assert.Equal(Digits(figures), Digits((await Client.GetAsync(query)).Expect(200)["statistics"]));
    }

    [Theory]
    [InlineData("status=failed")]
    [InlineData("status=cancelled")]
    [InlineData("min_duration_seconds=1.5")]
    [InlineData("max_duration_seconds=1.5")]
    [InlineData("min_duration_seconds=0.5&max_duration_seconds=3")]
    [InlineData("q=bet")]
    [InlineData("q=ran+out")]
    public async Task A_filter_selects_rows_and_figures_alike(string filter)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(filter);
        double? Bound(string name) => query.TryGetValue(name, out var text) ? double.Parse(text!, CultureInfo.InvariantCulture) : null;
        var expected = loaded.Made.Where(item => item.Type == "model_operation"
            && (!query.TryGetValue("status", out var status) || item.Status == status)
            && !(item.Seconds < Bound("min_duration_seconds")) && !(item.Seconds > Bound("max_duration_seconds"))
            && (!query.TryGetValue("q", out var text) || item.Name.Contains(text!, StringComparison.Ordinal) || item.Error?.Contains(text!, StringComparison.Ordinal) == true)).ToList();
        Assert.NotEmpty(expected);
        var answer = (await Client.GetAsync($"metrics/model_operation?limit=1000&{loaded.Range}&{filter}")).Expect(200);
        Assert.Equal(expected.Select(item => item.Id).Order(), answer.Ids.Order());
        Agree(expected, answer["statistics"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&sort=start_time")]
    [InlineData("&sort=duration_seconds")]
    [InlineData("&sort=-duration_seconds&source=one")]
    public async Task Pages_give_each_operation_exactly_once_in_order(string order)
    {
        var seen = new List<JsonElement>();
        string? next = $"metrics/model_operation?limit=17&{loaded.Range}{order}";
        while (next is not null)
        {
            var page = (await Client.GetAsync(next)).Expect(200);
            seen.AddRange(page["items"].EnumerateArray());
            Assert.InRange(page["items"].GetArrayLength(), 1, 17);
            next = page.Headers.TryGetValues("Link", out var links) ? links.Single() : null;
            Assert.Equal(next is null, page["next_cursor"].ValueKind == JsonValueKind.Null);
            if (next is not null)
            {
                Assert.EndsWith(">; rel=\"next\"", next, StringComparison.Ordinal);
                next = next[1..next.IndexOf('>', StringComparison.Ordinal)];
            }
        }

        var expected = loaded.Made.Where(item => item.Type == "model_operation" && (!order.Contains("source", StringComparison.Ordinal) || item.Source == "one"));
        Assert.Equal(expected.Select(item => item.Id).Order(), seen.Select(item => item.GetProperty("id").GetGuid()).Order());
        var keys = seen.Select(item => order.Contains("duration", StringComparison.Ordinal)
            ? item.GetProperty("duration_seconds").GetDouble()
            : item.GetProperty("start_time").GetDateTimeOffset().UtcTicks).ToList();
        bool ascends = order.Contains("sort=", StringComparison.Ordinal) && !order.Contains("sort=-", StringComparison.Ordinal);
        Assert.Equal(ascends ? keys.Order() : keys.OrderDescending(), keys);
    }

    [Fact]
    public async Task Benchmarks_agree_for_each_name()
    {
        var answer = (await Client.GetAsync($"benchmarks?{loaded.Range}")).Expect(200);
        var groups = loaded.Made.GroupBy(item => (item.Type, item.Name)).ToDictionary(group => group.Key, group => group.ToList());
        Assert.Equal(groups.Count, answer["items"].GetArrayLength());
        foreach (var item in answer["items"].EnumerateArray())
        {
            Agree(groups[(item.GetProperty("metric_type").GetString()!, item.GetProperty("operation_name").GetString()!)], item.GetProperty("statistics"));
            Assert.Equal("insufficient_data", item.GetProperty("verdict").GetString());
        }

        Assert.False(string.IsNullOrEmpty(answer["test"].GetString()));
    }

    [Fact]
    public async Task The_portals_own_operations_are_left_out_unless_asked_for()
    {
        var without = (await Client.GetAsync("metrics/system_resource")).Expect(200);
        Assert.Empty(without.Ids);
        Assert.Equal(0, without["statistics"].GetProperty("count").GetInt32());
        var with = (await Client.GetAsync("metrics/system_resource?source=perfportal")).Expect(200);
        Assert.Contains(with["items"].EnumerateArray(), item => item.GetProperty("operation_name").GetString() == "open_database");
        Assert.True(with["statistics"].GetProperty("count").GetInt32() > 0);
    }

    private static void Agree(IReadOnlyCollection<Made> expected, JsonElement figures)
    {
        double[] durations = [.. expected.Where(item => item.Counts).Select(item => item.Seconds).Order()];
        int succeeded = expected.Count(item => item.Status == "succeeded");
        Assert.Equal(
            (durations.Length, succeeded, durations.Length - succeeded, expected.Count(item => item.Status == "cancelled")),
            (figures.GetProperty("count").GetInt32(), figures.GetProperty("succeeded").GetInt32(), figures.GetProperty("failed").GetInt32(), figures.GetProperty("cancelled").GetInt32()));
        if (durations.Length == 0)
        {
            Assert.All(["success_rate", "mean", "min", "max", "p50"], name => Assert.Equal(JsonValueKind.Null, figures.GetProperty(name).ValueKind));
            return;
        }

        Assert.Equal(succeeded / (double)durations.Length, figures.GetProperty("success_rate").GetDouble(), 12);
        Near(durations.Average(), figures.GetProperty("mean"), 1e-6);
        Near(durations[0], figures.GetProperty("min"), 1e-6);
        Near(durations[^1], figures.GetProperty("max"), 1e-6);
        foreach (var (name, quantile) in new[] { ("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99) })
        {
            Near(durations[Math.Max(0, (int)Math.Ceiling(quantile * durations.Length - 1e-9) - 1)], figures.GetProperty(name), 0.01);
        }
    }

    private static void Near(double expected, JsonElement actual, double tolerance) =>
        Assert.InRange(actual.GetDouble(), expected * (1 - tolerance), expected * (1 + tolerance));

    internal sealed record Made(Guid Id, string Type, string Name, string Source, string Status, double Seconds, string? Error)
    {
        public bool Counts => Status is "succeeded" or "failed";
    }

    public sealed class LoadedPortal : IAsyncLifetime
    {
        internal PortalFactory Portal { get; } = new();

        internal List<Made> Made { get; } = [];

        internal List<Dictionary<string, object?>> Bodies { get; } = [];

        /// <summary>Exactly 24 hours, whose edges lie in the middle of a minute.</summary>
        internal string Range { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            await Portal.InitializeAsync();
            var to = new DateTimeOffset(SampleReports.Now.Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero).AddSeconds(-23);
            var from = to.AddHours(-24);
            Range = $"from={Uri.EscapeDataString(SampleReports.Text(from))}&to={Uri.EscapeDataString(SampleReports.Text(to))}";
#pragma warning disable CA5394 // The same operations in each run.
            var random = new Random(500);
            string[] types = ["model_operation", "model_operation", "download_operation", "health_check"];
            for (int i = 0; i < 500; i++)
            {
                double seconds = Math.Round(Math.Exp(2.5 * random.NextDouble() - 1), 6);
                string status = random.Next(10) switch { 0 => "cancelled", 1 or 2 => "failed", _ => "succeeded" };
                string? error = status == "failed" ? (random.Next(2) == 0 ? "it ran out of memory" : "refused") : null;
                var made = new Made(Guid.NewGuid(), types[random.Next(types.Length)], random.Next(3) == 0 ? "beta" : "alpha", random.Next(2) == 0 ? "one" : "two", status, seconds, error);
                var end = from.AddTicks(random.NextInt64((to - from).Ticks / 10) * 10);
                Made.Add(made);
                Bodies.Add(Body(made, end));
            }
#pragma warning restore CA5394

            // Beside the edges, to be left out: the begin belongs to the range and the end does not.
            var outside = new[] { to, to.AddSeconds(5), from.AddTicks(-10), from.AddSeconds(-20) }
                .Select(end => Body(new(Guid.NewGuid(), "model_operation", "alpha", "one", "succeeded", 3, null), end));
            (await Portal.Client.PostAsync("operations/batch", outside)).Expect(200);
            var answer = (await Portal.Client.PostAsync("operations/batch", Bodies)).Expect(200);
            Assert.Equal(500, answer["accepted"].GetInt32());
        }

        public ValueTask DisposeAsync() => Portal.DisposeAsync();

        private static Dictionary<string, object?> Body(Made made, DateTimeOffset end) => SampleReports.Ended(
            made.Name, ("id", made.Id), ("metric_type", made.Type), ("source", made.Source), ("success", null), ("status", made.Status), ("error_message", made.Error),
            ("start_time", SampleReports.Text(end.AddTicks(-(long)Math.Round(made.Seconds * 1e6) * 10))), ("end_time", SampleReports.Text(end)), ("duration_seconds", null));
    }

    /// <summary>The figures with 12 digits: the last ones depend on the order in which cached sums are added (see <see cref="PerfPortal.Domain.Statistics.Summary"/>).</summary>
    private static string Digits(JsonElement figures) => Number().Replace(
        figures.GetRawText(), number => double.Parse(number.Value, CultureInfo.InvariantCulture).ToString("G12", CultureInfo.InvariantCulture));

    [GeneratedRegex(@"-?\d+\.\d+(E[+-]?\d+)?")]
    private static partial Regex Number();
}
