using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Records;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Health.Scheduling;

namespace PerfPortal.Domain.Models.Health;

/// <summary>A model that is watched. Its members are changed under the monitor's lock, except during the one check that runs.</summary>
internal sealed class WatchedModel(ModelLocation location, ModelRecord? record, DateTimeOffset now)
{
    private volatile bool _isAwaited;

    /// <summary>Where it is.</summary>
    public ModelLocation Location { get; set; } = location;

    /// <summary>What is known of it.</summary>
    public ModelRecord? Record { get; set; } = record;

    /// <summary>How much it is used.</summary>
    public ModelUse Use { get; set; } = record?.Use ?? default;

    /// <summary>When the next check is due, UTC.</summary>
    public DateTimeOffset DueAt { get; set; } = record?.Health.NextCheckAt ?? now;

    /// <summary>How it was checked last.</summary>
    public HealthPlan? Plan { get; set; }

    /// <summary>The checks that failed in a row.</summary>
    public int Failures { get; set; }

    /// <summary>The check that runs.</summary>
    public Task<ModelHealth>? Running { get; set; }

    /// <summary>The operation of that check.</summary>
    public Guid? OperationId { get; set; }

    /// <summary>Whether that check reads every byte.</summary>
    public bool RunsFull { get; set; }

    /// <summary>Whether somebody waits for that check, so that it runs without a limit to its rate.</summary>
    public bool IsAwaited { get => _isAwaited; set => _isAwaited = value; }

    /// <summary>The health as of now.</summary>
    public ModelHealth Health => Record?.Health is { } known
        ? known with { NextCheckAt = DueAt, CheckOperationId = OperationId }
        : new() { Name = Location.Name, Directory = Location.Directory, Files = Location.Files.Count(file => file.IsThere), NextCheckAt = DueAt, CheckOperationId = OperationId };
}
