using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Health.Checking;
using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Records;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Health.Scheduling;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Models.Health;

/// <summary>
/// Watches the models below directories: <c>await monitor.RunAsync(stop)</c> checks them on a schedule, <see cref="CheckAsync"/> at once. Results and trusted hashes are kept in the state directory
/// and survive a crash. Each check is an operation of the type health check with the model's name. Thread-safe; a model is never checked twice at the same time.
/// </summary>
public sealed partial class ModelHealthMonitor
{
    private readonly Lock _gate = new();
    private readonly Lock _searching = new();
    private readonly Dictionary<string, WatchedModel> _models = new(StringComparer.Ordinal);
    private readonly ModelHealthOptions _options;
    private readonly PerformanceTracker? _tracker;
    private readonly AdviceTrial? _trial;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<ResourceSample?>? _resources;
    private readonly HealthStore _store;
    private readonly ModelFinder _finder;
    private readonly Func<string, DirectoryMark?> _mark;
    private readonly ModelChecker _checker;
    private readonly ReadPace _pace;
    private readonly Dictionary<string, ModelRecord> _records;
    private bool _hasScanned;

    /// <summary>Creates a monitor and reads the state that an earlier one left. Nothing is checked yet.</summary>
    /// <param name="options">How it works.</param>
    /// <param name="tracker">Gets an operation for each check; <see langword="null"/> for none.</param>
    /// <param name="adviser">Advises interval, depth and rate; <see langword="null"/> for those of the options.</param>
    /// <param name="time">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="logger">Gets what goes wrong.</param>
    /// <param name="resources">Returns the latest sample of this host, which slows scheduled checks under load.</param>
    /// <param name="random">Chooses the checks after which the safe default of the interval is used instead of the advised one.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ModelHealthMonitor(
        ModelHealthOptions options, PerformanceTracker? tracker = null, IAdviser? adviser = null, TimeProvider? time = null, ILogger? logger = null, Func<ResourceSample?>? resources = null, Random? random = null)
        : this(options, tracker, adviser, time, logger, resources, random, FileStamp.Of)
    {
    }

    internal ModelHealthMonitor(
        ModelHealthOptions options, PerformanceTracker? tracker, IAdviser? adviser, TimeProvider? time, ILogger? logger, Func<ResourceSample?>? resources, Random? random, Func<string, FileStamp?> stamps,
        Func<string, IEnumerable<FileSystemInfo>>? list = null, Func<string, DirectoryMark?>? mark = null)
    {
        options.Validate();
        _options = options;
        _tracker = tracker;
        _trial = adviser is null ? null : new(adviser, random);
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        _resources = resources;
        _store = new(Path.Combine(options.StateDirectory, "health"), _logger);
        _finder = new(options.MaxDepth, options.MaxModels, options.MaxFiles, list, mark);
        _mark = mark ?? DirectoryMark.Of;
        _checker = new(_time, stamps);
        _pace = new(() => options.MaxReadRate, _time);
        _records = _store.Load(options.MaxModels).GroupBy(record => record.Health.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
    }

    /// <summary>The models found, by name, with their health at the last check. Before the first <see cref="Scan"/>, those that an earlier monitor knew.</summary>
    public IReadOnlyList<ModelHealth> Models
    {
        get
        {
            lock (_gate)
            {
                return _hasScanned
                    ? [.. _models.Values.Select(model => model.Health).OrderBy(health => health.Name, StringComparer.Ordinal)]
                    : [.. _records.Values.Select(record => record.Health).OrderBy(health => health.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The health of a model at its last check; <see langword="null"/> for one that is not known.</summary>
    public ModelHealth? Find(string model) => Models.FirstOrDefault(health => health.Name == model);

    /// <summary>Searches the directories, which takes a moment per thousand files. What is known of models that are gone is forgotten, unless a directory above them could not be read or may be a disk that is not mounted.</summary>
    /// <returns>The models, as <see cref="Models"/>.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<ModelHealth> Scan(CancellationToken cancellationToken = default)
    {
        // One after another: what an earlier search did not find yet is not gone.
        lock (_searching)
        {
            Take(_finder.Find(_options.Directories, cancellationToken));
        }

        return Models;
    }

    private void Take(FoundModels found)
    {
        if (found.IsBounded)
        {
            _logger.LogWarning("There are more models or directories than are searched; the limits are {Models} models and {Depth} levels.", _options.MaxModels, _options.MaxDepth);
        }

        foreach (var (directory, reason) in found.Failures)
        {
            _logger.LogWarning(reason, "The model in {Directory} cannot be described and is left out.", directory);
        }

        lock (_gate)
        {
            foreach (var location in found.Models)
            {
                if (_models.TryGetValue(location.Name, out var model))
                {
                    model.Location = location;
                }
                else
                {
                    _models.Add(location.Name, Watch(location));
                }
            }

            Forget(found);
            _hasScanned = true;
        }
    }

    /// <summary>Notes that a model is used, so that it is checked sooner and more often. An unknown name has no effect.</summary>
    public void NoteUse(string model)
    {
        lock (_gate)
        {
            if (_models.TryGetValue(model, out var watched))
            {
                var now = _time.GetUtcNow();
                watched.Use = watched.Use.With(now);
                if (watched is { Running: null, Failures: 0, Record: { } record })
                {
                    watched.DueAt = Earlier(watched.DueAt, CheckTimes.Next(record.Health, watched.Use, watched.Plan ?? HealthPlan.Of(new([]), _options), now));
                }
            }
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
