using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Pages.Operations;
using Xunit;

namespace PerfPortal.Tests.Pages.Operations;

public sealed class OperationFactsTests
{
    private static Operation Download(params KeyValuePair<string, MetadataValue>[] metadata) => new()
    {
        Id = Guid.Empty,
        MetricType = MetricType.DownloadOperation,
        Name = "fetch",
        Source = "node",
        Status = OperationStatus.Succeeded,
        StartTime = DateTimeOffset.UnixEpoch,
        Metadata = Metadata.Of(metadata),
    };

    [Fact]
    public void Known_facts_have_titles_and_units_and_the_rest_stands_apart()
    {
        var operation = Download(
            new("mirror", MetadataValue.From("eu")), new("integrity_verified", MetadataValue.From(false)), new("retry_count", MetadataValue.From(2L)),
            new("bytes_total", MetadataValue.From(3L << 30)), new("download_speed_bytes_per_second", MetadataValue.From(1048576.0)));
        Assert.Equal(
            ["Size 3 GiB", "Speed 1 MiB/s", "Retries 2", "Integrity verified no"], OperationFacts.Known(operation).Select(fact => $"{fact.Title} {fact.Text}"));
        Assert.Equal([new("mirror", "mirror", "eu")], OperationFacts.Custom(operation));
        Assert.Equal("Size 3 GiB · Speed 1 MiB/s · Retries 2", OperationFacts.Compact(operation));
    }

    [Fact]
    public void What_a_component_reports_has_a_title_and_words_and_a_value_of_another_type_stays_as_it_was_sent()
    {
        var repair = Download(new("advice", MetadataValue.From("advised")), new("repair", MetadataValue.From(true)), new("note", MetadataValue.From(true)));
        Assert.Equal(["Repair of files yes", "Advice followed"], OperationFacts.Known(repair).Select(fact => $"{fact.Title} {fact.Text}"));
        Assert.Equal([new("note", "note", "yes")], OperationFacts.Custom(repair));
        Assert.Equal([new("repair", "repair", "soon")], OperationFacts.Custom(Download(new KeyValuePair<string, MetadataValue>("repair", MetadataValue.From("soon")))));
        var check = Download(new("model_deleted", MetadataValue.From(true)), new("reasons", MetadataValue.From("One byte is wrong."))) with { MetricType = MetricType.HealthCheck };
        Assert.Equal(["Found One byte is wrong.", "Model deleted yes"], OperationFacts.Known(check).Select(fact => $"{fact.Title} {fact.Text}"));
        Assert.Empty(OperationFacts.Custom(check));
    }

    [Fact]
    public void A_seed_and_an_id_are_shown_with_the_digits_that_were_sent()
    {
        var operation = Download(
            new("seed", MetadataValue.FromDigits("18446744073709551557")), new("trace", MetadataValue.From(5400121572116419001L)), new("loss", MetadataValue.From(0.125)),
            new("bytes_total", MetadataValue.From(3L << 30)), new("retry_count", MetadataValue.From(999_999_999_999_999_999L)));
        Assert.Equal(["18446744073709551557", "5400121572116419001", "0.125"], OperationFacts.Custom(operation).Select(fact => fact.Text));
        Assert.Equal(["3 GiB", "999,999,999,999,999,999"], OperationFacts.Known(operation).Select(fact => fact.Text));
    }

    [Fact]
    public void Nothing_reported_is_nothing_shown() => Assert.Null(OperationFacts.Compact(Download()));

    [Fact]
    public void A_long_text_is_cut_in_the_line() =>
        Assert.Matches("x…x+$", OperationFacts.Compact(Download(new KeyValuePair<string, MetadataValue>("note", MetadataValue.From(new string('x', 100))))));

    [Theory]
    [InlineData(8190, false, "Slower than 90 % of the 100 operations with this name in the last 7 days.")]
    [InlineData(90, false, "Faster than 91 % of the 100 operations with this name in the last 7 days.")]
    [InlineData(20_000, false, "Slower than all others of the 100 operations with this name in the last 7 days.")]
    [InlineData(90, true, "Running longer than 9 % of the 100 operations with this name in the last 7 days.")]
    public void A_duration_is_ranked_among_those_of_its_name(double seconds, bool isRunning, string text)
    {
        var durations = new DurationSketch();
        for (int root = 1; root <= 100; root++)
        {
            durations.Add(root * root);
        }

        Assert.Equal(text, DurationRank.Of(durations, seconds, "the last 7 days", isRunning)!.Text);
    }

    [Fact]
    public void Too_few_others_give_no_rank()
    {
        var durations = new DurationSketch();
        durations.Add(1, DurationRank.Fewest - 1);
        Assert.Null(DurationRank.Of(durations, 1, "the last 7 days"));
    }

    [Fact]
    public void Usage_is_paired_by_start_and_end()
    {
        var rows = UsageRow.Of(new Dictionary<string, double> { ["start_cpu_percent"] = 20, ["end_cpu_percent"] = 80, ["end_gpu_memory_used_mb"] = 2048, ["fans"] = 3 });
        Assert.Equal([new("CPU", "20 %", "80 %"), new("fans", "–", "3"), new("GPU memory in use", "–", "2 GiB")], rows);
    }

    [Fact]
    public void What_components_report_has_names_units_and_words_too()
    {
        var operation = Download(
            new("advice", MetadataValue.From("default")), new("longest_stall_seconds", MetadataValue.From(0.057183)), new("connections", MetadataValue.From("many")),
            new("retries", MetadataValue.From("network 1.5 failed; network 3 ok")), new("my_own_stall", MetadataValue.From(2.5)));
        Assert.Equal(
            ["Retries in order network 1.5 s failed; network 3.0 s succeeded", "Longest stall 57.2 ms", "Advice not used, safe defaults"],
            OperationFacts.Known(operation).Select(fact => $"{fact.Title} {fact.Text}"));
        Assert.Equal([new("connections", "connections", "many"), new("my_own_stall", "my_own_stall", "2.5")], OperationFacts.Custom(operation));
        var fallback = operation with
        {
            MetricType = MetricType.FallbackStrategy,
            Metadata = Metadata.Of([new("strategy", MetadataValue.From("other_quantization")), new("attempts", MetadataValue.From("llama%203 0.4 ok")), new("advice", MetadataValue.From("advised"))]),
        };
        Assert.Equal(["Strategy Other quantization", "Attempts llama 3 400 ms succeeded", "Advice followed"], OperationFacts.Known(fallback).Select(fact => $"{fact.Title} {fact.Text}"));
        Assert.Equal("my_plan", Assert.Single(OperationFacts.Known(fallback with { Metadata = Metadata.Of([new("strategy", MetadataValue.From("my_plan"))]) })).Text);
    }
}
