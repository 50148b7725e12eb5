using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Fallbacks;
using PerfPortal.Domain.Models.Fallbacks.Breaking;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;
using Xunit;
using static PerfPortal.Tests.Models.Fallbacks.FallbackBench;

namespace PerfPortal.Tests.Models.Fallbacks;

public sealed class FallbackManagerTests
{
    private readonly FallbackBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_default_order_is_the_strategy_then_compatibility()
    {
        var group = Group(
            Other("remote") with { Family = "qwen2.5", Endpoint = new("https://models.example/") },
            Other("family") with { Family = "llama-2" },
            Other("small-3b") with { Parameters = 3_210_000_000 },
            Other("small-5b") with { Parameters = 5_000_000_000 },
            Other("q4") with { Quantization = "Q4_K_M" },
            Other("same"));
        var tried = new List<string>();
        var thrown = await Assert.ThrowsAsync<FallbackException>(() => _bench.Manager.ExecuteAsync<int>(
            group, new() { MinCompatibility = 0 }, (candidate, _) =>
            {
                tried.Add(candidate.Name);
                throw new InvalidOperationException($"{candidate.Name} is down.");
            },
            Token));
        Assert.Equal(["same", "q4", "small-5b", "small-3b", "family", "remote"], tried);
        Assert.Equal(
            ["Nothing took the place of llama-8b; all 6 attempts failed.", "same: same is down.", "q4: q4 is down.", "small-5b: small-5b is down.", "small-3b: small-3b is down.",
                "family: family is down.", "remote: remote is down."],
            thrown.Message.Split(Environment.NewLine));
        Assert.Equal(6, Assert.IsType<AggregateException>(thrown.InnerException).InnerExceptions.Count);
    }

    [Fact]
    public async Task What_an_attempt_starts_is_a_child_of_the_decision()
    {
        var result = await _bench.Manager.ExecuteAsync(
            GroupOf("a", "b"), FallbackRequest.Any, async (candidate, token) =>
            {
                using var load = _bench.Tracker.Start(MetricType.ModelOperation, "load " + candidate.Name);
                await Task.Yield();
                using var download = _bench.Tracker.Start(MetricType.DownloadOperation, "download " + candidate.Name);
                if (candidate.Name == "a")
                {
                    throw new TimeoutException("Busy.");
                }

                download.Complete();
                load.Complete();
                return 0;
            },
            Token);
        _bench.Tracker.Start(MetricType.ModelOperation, "after").Complete();
        string decision = result.Decision.OperationId.ToString();
        var ended = _bench.Ended;
        Assert.Equal(
            [("load a", decision), ("download a", decision), ("load b", decision), ("download b", decision), ("chat", null), ("after", null)],
            ended.OrderBy(one => Array.IndexOf(["load a", "download a", "load b", "download b", "chat", "after"], one.Name)).Select(one => (one.Name, one.ParentId)));
    }

    [Fact]
    public async Task An_attempt_of_the_caller_can_be_joined_to_the_choice()
    {
        using (new OperationContext("0af7651916cd43dd8448eb211c80319c").Enter())
        {
            var decision = await _bench.Manager.ChooseAsync(GroupOf("a"), FallbackRequest.Any, Token);
            _bench.Tracker.Start(MetricType.ModelOperation, "load", context: decision.Context).Complete();
            var load = _bench.Ended.Single(one => one.Name == "load");
            Assert.Equal((decision.OperationId.ToString(), "0af7651916cd43dd8448eb211c80319c"), (load.ParentId, load.TraceId));
        }

        Assert.Null((await new FallbackManager().ChooseAsync(GroupOf("a"), FallbackRequest.Any, Token)).Context);
    }

    [Fact]
    public async Task What_was_decided_is_reported_as_an_operation()
    {
        var group = Group(Other("a b;c"), Other("q4") with { Quantization = "Q4_K_M" }, Other("off") with { Task = "embedding" });
        var result = await _bench.Manager.ExecuteAsync(
            group, FallbackRequest.Any, (candidate, _) =>
            {
                _bench.Time.Advance(TimeSpan.FromSeconds(1.5));
                return candidate.Name == "q4" ? Task.FromResult(42) : throw new TimeoutException("Busy.");
            },
            Token);
        Assert.Equal((42, "q4"), (result.Value, result.Decision.Chosen!.Candidate.Name));
        var operation = Assert.Single(_bench.Ended);
        Assert.Equal((MetricType.FallbackStrategy, "chat", "host-a", OperationStatus.Succeeded), (operation.MetricType, operation.Name, operation.Source, operation.Status));
        Assert.Equal(result.Decision.OperationId, operation.Id);
        Assert.Equal(3, operation.Duration!.Value.TotalSeconds, 3);
        Assert.Equal("other_quantization", operation.Metadata["strategy"].Text);
        Assert.Equal(result.Decision.Chosen.Score.Value, operation.Metadata["compatibility_score"].Numeric);
        Assert.Equal(3, operation.Metadata["alternatives_considered"].Numeric);
        Assert.Equal("q4", operation.Metadata["chosen"].Text);
        Assert.Equal(0, operation.Metadata["cache_hit"].Numeric);
        Assert.Equal("a%20b%3Bc 1.5 failed; q4 1.5 ok", operation.Metadata[AdviceFacts.Attempts].Text);
        Assert.Equal(1.5, operation.Metadata[AdviceFacts.SecondsLost].Numeric);
        Assert.Equal(AdviceFacts.Default, operation.Metadata[AdviceFacts.Arm].Text);
        Assert.All(operation.Metadata, member => Assert.Null(KnownFacts.Check(operation.MetricType, member.Key, member.Value)));
    }

    [Fact]
    public async Task When_all_fail_the_operation_fails_with_every_reason()
    {
        await Assert.ThrowsAsync<FallbackException>(() => _bench.Manager.ExecuteAsync<int>(
            GroupOf("b", "c"), new() { Except = ["c"] }, (_, _) => Task.FromException<int>(new IOException("No route.")), Token));
        var operation = Assert.Single(_bench.Ended);
        Assert.Equal((OperationStatus.Failed, FallbackException.AllFailed), (operation.Status, operation.ErrorType));
        Assert.Equal(
            ["Nothing took the place of llama-8b; one attempt failed.", "b: No route.", "c: The request leaves it out."], operation.ErrorMessage!.Split(Environment.NewLine));
        Assert.Equal(MetadataKind.Null, operation.Metadata["chosen"].Kind);
        Assert.Equal("same_model_elsewhere", operation.Metadata["strategy"].Text);
    }

    [Fact]
    public async Task Without_a_candidate_to_try_nothing_is_attempted()
    {
        bool isTried = false;
        var thrown = await Assert.ThrowsAsync<FallbackException>(() => _bench.Manager.ExecuteAsync(
            GroupOf("b"), new() { MinContextTokens = 1_000_000 }, (_, _) => Task.FromResult(isTried = true), Token));
        Assert.False(isTried);
        Assert.Contains("b: Its context has 131,072 tokens, and 1,000,000 are needed.", thrown.Message);
        Assert.Equal(FallbackException.NoCandidate, Assert.Single(_bench.Ended).ErrorType);
        Assert.Null(thrown.InnerException);
    }

    [Fact]
    public async Task An_attempt_that_hangs_is_given_up_even_if_it_does_not_look_at_its_token()
    {
        var never = new TaskCompletionSource<int>();
        var run = _bench.Manager.ExecuteAsync(GroupOf("hangs", "works"), FallbackRequest.Any, (candidate, _) => candidate.Name == "hangs" ? never.Task : Task.FromResult(7), Token);
        await _bench.PassUntilAsync(run, 10);
        var decision = (await run).Decision;
        Assert.Equal([FallbackOutcome.TimedOut, FallbackOutcome.Succeeded], decision.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal("No result within 1 m 00 s.", decision.Attempts[0].Error);
        Assert.True(decision.Lost >= TimeSpan.FromMinutes(1));
        never.SetException(new InvalidOperationException("Too late to matter."));
    }

    [Fact]
    public async Task Cancelling_ends_it_at_once_and_blames_nobody()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var never = new TaskCompletionSource<int>();
        var run = _bench.Manager.ExecuteAsync(GroupOf("b", "c"), FallbackRequest.Any, (_, _) => never.Task, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        var operation = Assert.Single(_bench.Ended);
        Assert.Equal((OperationStatus.Cancelled, "b 0 cancelled"), (operation.Status, operation.Metadata[AdviceFacts.Attempts].Text));
        var state = Assert.Single(_bench.Manager.Groups);
        Assert.Equal((0, 0, 0), (state.Decisions, state.Running, state.Candidates[1].Breaker.FailuresInARow));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.Manager.ChooseAsync(GroupOf("b"), FallbackRequest.Any, new(true)));
    }

    [Fact]
    public async Task An_attempt_that_cancels_itself_has_failed()
    {
        var result = await _bench.Manager.ExecuteAsync(
            GroupOf("b", "c"), FallbackRequest.Any, (candidate, _) => candidate.Name == "b" ? Task.FromCanceled<int>(new(true)) : Task.FromResult(1), Token);
        Assert.Equal(FallbackOutcome.Failed, result.Decision.Attempts[0].Outcome);
    }

    [Fact]
    public async Task An_error_of_the_request_itself_is_returned_at_once_and_does_not_count_against_the_candidate()
    {
        var bench = new FallbackBench(new() { IsFailure = exception => exception is not ArgumentException });
        int attempts = 0;
        await Assert.ThrowsAsync<ArgumentException>(() => bench.Manager.ExecuteAsync<int>(
            GroupOf("b", "c"), FallbackRequest.Any, (_, _) =>
            {
                attempts++;
                throw new ArgumentException("The prompt is empty.");
            },
            Token));
        Assert.Equal(1, attempts);
        Assert.Equal((OperationStatus.Failed, nameof(ArgumentException)), (bench.Ended[0].Status, bench.Ended[0].ErrorType));
        Assert.Equal(0, bench.Manager.Groups[0].Candidates[1].Breaker.FailuresInARow);
    }

    [Fact]
    public async Task A_candidate_that_keeps_failing_is_left_alone_then_probed()
    {
        bool isDown = true;
        int asked = 0;
        Task<string> Attempt(ModelCandidate candidate, CancellationToken token)
        {
            asked += candidate.Name == "b" ? 1 : 0;
            return candidate.Name == "b" && isDown ? Task.FromException<string>(new IOException("Down.")) : Task.FromResult(candidate.Name);
        }

        var group = GroupOf("b", "c");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("c", (await _bench.Manager.ExecuteAsync(group, FallbackRequest.Any, Attempt, Token)).Value);
        }

        Assert.Equal(3, asked);
        var decision = await _bench.Manager.ChooseAsync(group, FallbackRequest.Any, Token);
        Assert.Equal("Its circuit breaker is open after 3 failures in a row, for another 30.0 s.", decision.Alternatives.Single(item => item.Candidate.Name == "b").NotTried);
        Assert.Equal(BreakerState.Open, _bench.Manager.Groups[0].Candidates[1].Breaker.State);
        _bench.Time.Advance(TimeSpan.FromSeconds(30));
        isDown = false;
        Assert.Equal("b", (await _bench.Manager.ExecuteAsync(group, FallbackRequest.Any, Attempt, Token)).Value);
        Assert.Equal(BreakerState.Closed, _bench.Manager.Groups[0].Candidates[1].Breaker.State);
    }

    [Fact]
    public async Task What_does_not_fit_the_free_memory_is_not_tried_and_memory_is_looked_at_each_time()
    {
        var group = Group(Other("large") with { MemoryBytes = 8L << 30 }, Other("small") with { MemoryBytes = 1L << 30, Quantization = "Q4_K_M" });
        _bench.Sample = Free(4_096);
        var decision = await _bench.Manager.ChooseAsync(group, FallbackRequest.Any, Token);
        Assert.Equal("small", decision.Chosen!.Candidate.Name);
        Assert.Equal(
            "It needs 8 GiB, with the margin 8.8 GiB; there is no GPU and 4 GiB of memory are free.", decision.Alternatives.Single(item => item.Candidate.Name == "large").NotTried);
        _bench.Sample = Free(16_384);
        decision = await _bench.Manager.ChooseAsync(group, FallbackRequest.Any, Token);
        Assert.Equal(("large", true), (decision.Chosen!.Candidate.Name, decision.IsScoreCached));
    }

    [Fact]
    public async Task Memory_that_an_attempt_used_up_keeps_the_next_candidate_from_being_tried()
    {
        var group = Group(Other("b") with { MemoryBytes = 1L << 30 }, Other("c") with { MemoryBytes = 1L << 30 }, Other("d") with { IsLoaded = true });
        _bench.Sample = Free(4_096);
        var result = await _bench.Manager.ExecuteAsync(
            group, FallbackRequest.Any, (candidate, _) =>
            {
                _bench.Sample = Free(100);
                return candidate.Name == "b" ? throw new InsufficientMemoryException() : Task.FromResult(candidate.Name);
            },
            Token);
        Assert.Equal("d", result.Value);
        Assert.Contains("100 MiB of memory are free", result.Decision.Alternatives.Single(item => item.Candidate.Name == "c").NotTried);
    }

    [Fact]
    public async Task The_wanted_model_is_tried_first_only_where_the_request_says_so()
    {
        var group = GroupOf("b");
        Assert.Equal("b", (await _bench.Manager.ExecuteAsync(group, FallbackRequest.Any, Name, Token)).Value);
        var result = await _bench.Manager.ExecuteAsync(group, new() { TriesWanted = true }, Name, Token);
        Assert.Equal(("llama-8b", FallbackStrategy.WantedModel, 1), (result.Value, result.Decision.Chosen!.Strategy, result.Decision.Chosen.Score.Value));
    }

    [Fact]
    public async Task What_a_caller_tried_itself_counts()
    {
        var group = GroupOf("b", "c");
        Assert.Equal("b", (await _bench.Manager.ChooseAsync(group, FallbackRequest.Any, Token)).Chosen!.Candidate.Name);
        for (int i = 0; i < 3; i++)
        {
            _bench.Manager.ReportOutcome("chat", "b", TimeSpan.FromSeconds(2), "Down.");
        }

        _bench.Manager.ReportOutcome("unknown", "b", default, null);
        _bench.Manager.ReportOutcome("chat", "unknown", default, null);
        Assert.Equal("c", (await _bench.Manager.ChooseAsync(group, FallbackRequest.Any, Token)).Chosen!.Candidate.Name);
        var state = _bench.Manager.Groups[0].Candidates[1];
        Assert.Equal((3, 0, "Down.", Start), (state.Attempts, state.Succeeded, state.LastAttempt!.Error, state.LastAttemptAt));
    }

    [Fact]
    public async Task The_state_shows_each_candidate_as_the_last_decision_saw_it()
    {
        var group = GroupOf("b", "c");
        _bench.Manager.Follow(group);
        Assert.Null(_bench.Manager.Groups[0].Candidates[1].LastSeen);
        await _bench.Manager.ExecuteAsync(group, FallbackRequest.Any, Name, Token);
        var state = Assert.Single(_bench.Manager.Groups);
        Assert.Equal((1, 1, 0, "b"), (state.Decisions, state.Succeeded, state.Running, state.LastDecision!.Chosen!.Candidate.Name));
        Assert.Equal(["llama-8b", "b", "c"], state.Candidates.Select(candidate => candidate.Candidate.Name));
        Assert.Equal([null, 1, 2], state.Candidates.Select(candidate => candidate.LastSeen?.Place));
        Assert.Equal((1, 1, FallbackOutcome.Succeeded), (state.Candidates[1].Attempts, state.Candidates[1].Succeeded, state.Candidates[1].LastAttempt!.Outcome));
    }

    [Fact]
    public async Task A_group_that_is_changed_keeps_what_its_candidates_did_and_groups_are_bounded()
    {
        var bench = new FallbackBench(new() { MaxGroups = 2 });
        await bench.Manager.ExecuteAsync(GroupOf("b", "c"), FallbackRequest.Any, Name, Token);
        bench.Manager.Follow(GroupOf("b", "d"));
        var candidates = Assert.Single(bench.Manager.Groups).Candidates;
        Assert.Equal([("llama-8b", 0L), ("b", 1L), ("d", 0L)], candidates.Select(candidate => (candidate.Candidate.Name, candidate.Attempts)));
        for (int i = 0; i < 50; i++)
        {
            bench.Manager.Follow(new($"group-{i}", Wanted, [Other("b")]));
            bench.Manager.Follow(GroupOf("b"));
        }

        Assert.Equal(["chat", "group-49"], bench.Manager.Groups.Select(state => state.Group.Name));
        Assert.True(bench.Manager.Forget("chat"));
        Assert.False(bench.Manager.Forget("chat"));
    }

    [Fact]
    public async Task It_works_without_tracker_adviser_and_samples()
    {
        var manager = new FallbackManager();
        var result = await manager.ExecuteAsync(GroupOf("b"), FallbackRequest.Any, Name, Token);
        Assert.Equal(("b", Guid.Empty), (result.Value, result.Decision.OperationId));
        Assert.Equal(0, manager.CacheHitRate);
    }

    [Fact]
    public async Task A_sample_that_cannot_be_read_is_no_sample()
    {
        var manager = new FallbackManager(resources: () => throw new IOException("No sensors."));
        Assert.True((await manager.ChooseAsync(GroupOf("b"), FallbackRequest.Any, Token)).Chosen!.Fit.Fits);
    }

    [Fact]
    public void Options_outside_their_limits_are_refused()
    {
        FallbackOptions[] wrong =
        [
            new() { MinCompatibility = 1.1 }, new() { CompatibilityWeight = double.NaN }, new() { MemoryMargin = -0.1 }, new() { AttemptTimeout = TimeSpan.Zero },
            new() { MinAttemptTimeout = TimeSpan.FromHours(1) }, new() { AdvicePatience = TimeSpan.FromSeconds(-1) }, new() { MaxCachedScores = -1 }, new() { MaxGroups = 0 },
            new() { Source = "" }, new() { Breaker = new() { Failures = 0 } }, new() { Weights = new() { Size = -1 } },
        ];
        Assert.All(wrong, options => Assert.Throws<ArgumentException>(() => new FallbackManager(options)));
    }

    private static Task<string> Name(ModelCandidate candidate, CancellationToken cancellationToken) => Task.FromResult(candidate.Name);

    private static ResourceSample Free(double mebibytes) => new("host-a", Start)
    {
        [ResourceMetric.MemoryAvailableMb] = mebibytes,
        Sensors = new Dictionary<string, SensorStatus> { [Sensors.Gpu] = new(SensorState.Absent, "None.") },
    };
}
