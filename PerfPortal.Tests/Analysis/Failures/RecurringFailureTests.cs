using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis.Failures;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;
using Xunit;

namespace PerfPortal.Tests.Analysis.Failures;

public sealed class RecurringFailureTests
{
    private readonly FakeTimeProvider _time = new(Days.Now);
    private readonly MemoryOperations _operations = new();

    [Theory]
    [InlineData("Timed out after 30 s at 10.0.0.7:443", "Timed out after # s at #")]
    [InlineData("Cannot open 'a model.gguf': no such file", "Cannot open '…' no such file")]
    [InlineData("It's full", "It's full")]
    [InlineData("first line\nat line 12", "first line")]
    [InlineData(null, "")]
    public void A_template_leaves_out_what_varies(string? message, string template) => Assert.Equal(template, MessageTemplate.Of(message));

    [Fact]
    public async Task The_same_error_of_two_names_and_sources_is_one_finding_with_what_it_has_in_common()
    {
        for (int i = 0; i < 40; i++)
        {
            bool isBad = i % 4 == 0;
            _operations.Ended.Add(Download(i, isBad, i % 2 == 0 ? "mirror-a" : "mirror-b", "eu-west"));
            _operations.Ended.Add(Download(i, isBad, i % 2 == 0 ? "mirror-b" : "mirror-a", isBad ? "eu-west" : "us-east"));
        }

        var found = Assert.Single(await ObserveAsync());
        Assert.Equal($"20 of 80 downloads of mirror-a and mirror-b failed with ConnectionReset in 24 hours (since {Moments.Text(found.Since)}); the chance that the next one fails is 25.1 % (18 %–34 %).", Rounded(found.Sentence));
        Assert.Equal("All 20 failures have region eu-west; of 60 successes 50 % do.", Assert.Single(found.Causes).Text);
        Assert.Equal("Look at region eu-west first.", found.Action);
        Assert.Null(found.Subject.Name);
        Assert.Equal(["mirror-a", "mirror-b"], found.Names.Select(name => name.Name).Order(StringComparer.Ordinal));
        Assert.Equal("metadata:region=eu-west", found.Causes[0].Key);
        Assert.Equal(MetricType.DownloadOperation, found.Subject.MetricType);
        Assert.Equal(0.25, found.Size);
        Assert.Equal(2, found.Evidence.Single(number => number.Name == "sources").Value);
        Assert.Equal(_operations.Ended.Where(operation => operation.Status == OperationStatus.Failed).Min(operation => operation.EndTime), found.Since);
        Assert.Null(found.Until);
    }

    [Fact]
    public async Task Another_error_type_or_message_is_another_finding()
    {
        for (int i = 0; i < 12; i++)
        {
            _operations.Ended.Add(Download(i, true, "a", "eu"));
            _operations.Ended.Add(Download(i, true, "a", "eu") with { ErrorType = "Checksum", ErrorMessage = "wrong hash" });
        }

        Assert.Equal(["ConnectionReset", "Checksum"], (await ObserveAsync()).Select(found => found.Discriminator.Split('\u001f')[0]).OrderDescending());
    }

    [Fact]
    public async Task Few_failures_a_burst_and_rare_ones_are_not_recurring()
    {
        _operations.Ended.AddRange(Enumerable.Range(0, 4).Select(i => Download(i * 5, true, "few", "eu")));
        Assert.Empty(await ObserveAsync());
        _operations.Ended.Clear();
        _operations.Ended.AddRange(Enumerable.Range(0, 30).Select(i => Download(i / 100.0, true, "burst", "eu")));
        Assert.Empty(await ObserveAsync());
        _operations.Ended.Clear();
        _operations.Ended.AddRange(Enumerable.Range(0, 1000).Select(i => Download(i, i % 150 == 0, "rare", "eu")));
        Assert.Empty(await ObserveAsync());
    }

    [Fact]
    public async Task Failures_that_stopped_are_over_at_the_last_of_them()
    {
        _operations.Ended.AddRange(Enumerable.Range(0, 20).Select(i => Download(180 + i, i % 2 == 0, "a", "eu")));
        var found = Assert.Single(await ObserveAsync());
        Assert.Equal(_operations.Ended[0].EndTime, found.Until);
    }

    [Fact]
    public async Task A_problem_older_than_the_window_keeps_its_beginning()
    {
        _operations.Ended.AddRange(Enumerable.Range(0, 290).Select(i => Download(i * 5, i % 3 == 0, "a", "eu")));
        var found = Assert.Single(await ObserveAsync());
        Assert.True(found.MayHaveBegunEarlier);
        var before = found with { Since = found.Since.AddHours(-5), SinceLow = found.Since.AddHours(-6), SinceHigh = found.Since.AddHours(-5) };
        using var ledger = new FindingLedger(new NoStore());
        await ledger.MergeAsync([FindingKind.RecurringFailure], [before], Days.Now.AddMinutes(-1), TestContext.Current.CancellationToken);
        await ledger.MergeAsync([FindingKind.RecurringFailure], [found], Days.Now, TestContext.Current.CancellationToken);
        Assert.Equal(before.Since, Assert.Single(await ledger.ListAsync(TestContext.Current.CancellationToken)).Latest.Since);
    }

    [Fact]
    public void The_chance_of_the_next_failure_follows_the_recent_ones()
    {
        OperationSeries Series(params (int Finished, int Failed)[] hours) =>
            new(MetricType.HealthCheck, "a", Days.Now, TimeSpan.FromHours(1), [.. hours.Select(hour => new OperationPoint(hour.Finished, hour.Failed, 1, 1, 1))]);
        Assert.Null(NextFailure.Of([Series((9, 9))]));
        Assert.Null(NextFailure.Of([]));
        var steady = NextFailure.Of([Series((50, 10), (50, 10))])!;
        Assert.Equal(0.2, steady.Probability, 9);

        // Wilson's interval at 100 operations and 20 % is 14.2 % to 27.3 % for 90 %; the weights cost little.
        Assert.InRange(steady.Low, 0.138, 0.145);
        Assert.InRange(steady.High, 0.270, 0.280);
        Assert.True(NextFailure.Of([Series((50, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (50, 10))])!.Probability > 0.12);
        Assert.Equal(0, NextFailure.Of([Series((50, 0))])!.Low);
        Assert.InRange(NextFailure.Of([Series((50, 0))])!.High, 0.01, 0.1);

        // What is empty at the end changes nothing.
        Assert.Equal(steady, NextFailure.Of([Series((50, 10), (50, 10), (0, 0), (0, 0))]));
    }

    [Fact]
    public void Traits_need_enough_of_both_kinds_and_a_significant_difference()
    {
        var failures = Enumerable.Range(0, 6).Select(i => Download(i, true, "a", "eu")).ToList();
        Assert.Empty(CommonTraits.Find(failures, []));
        Assert.Empty(CommonTraits.Find([], failures));
        Assert.Empty(CommonTraits.Find(failures, [.. Enumerable.Range(0, 100).Select(i => Download(i, false, "a", "eu"))]));
        Assert.Contains(CommonTraits.Find(failures, [.. Enumerable.Range(0, 100).Select(i => Download(i, false, "a", "us"))]), trait => trait is { Trait: "region", Value: "eu", Difference: 1 });
    }

    private static Operation Download(double minutesAgo, bool isBad, string name, string region) =>
        Days.Ended(
            60 * minutesAgo + 30, 2, MetricType.DownloadOperation, name, isBad ? OperationStatus.Failed : OperationStatus.Succeeded, name == "mirror-a" ? "loader-1" : "loader-2",
            isBad ? "ConnectionReset" : null, ("region", MetadataValue.From(region)), ("size", MetadataValue.From(1.5 * minutesAgo)))
        with
        { ErrorMessage = isBad ? $"Connection to 10.0.0.{(int)minutesAgo % 200} was reset" : null };

    /// <summary>The interval, in whole percent.</summary>
    private static string Rounded(string sentence) =>
        System.Text.RegularExpressions.Regex.Replace(sentence, @"\(([\d.]+) %–([\d.]+) %\)", match => FormattableString.Invariant($"({double.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture):0} %–{double.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture):0} %)"));

    private Task<IReadOnlyList<FindingObservation>> ObserveAsync()
    {
        var series = new SeriesReader(_operations.Statistics(_time), new MemoryResources(), Days.Horizons(_time), _time);
        return new RecurringFailureDetector(series, _operations).ObserveAsync(new(Days.Now, new()), TestContext.Current.CancellationToken);
    }

    private sealed class NoStore : IFindingStore
    {
        public Task<IReadOnlyList<Finding>> ReadAllAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([]);

        public Task SaveAsync(IReadOnlyCollection<Finding> written, IReadOnlyCollection<string> removedIds, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
