namespace PerfPortal.Server.Storage.Model;

/// <summary>An alert rule; a built-in one only where it was edited.</summary>
internal sealed class AlertRuleRow
{
    public required string Id { get; set; }

    public long Version { get; set; }

    public required string Document { get; set; }
}

/// <summary>An alert; the columns are those that queries need.</summary>
internal sealed class AlertRow
{
    public required string Id { get; set; }

    public required string RuleId { get; set; }

    public byte State { get; set; }

    public long? FiringUs { get; set; }

    public long? ResolvedUs { get; set; }

    public required string Document { get; set; }
}

/// <summary>An entry in the history of an alert.</summary>
internal sealed class AlertEventRow
{
    public long Id { get; set; }

    public required string AlertId { get; set; }

    public long AtUs { get; set; }

    public byte Kind { get; set; }

    public byte State { get; set; }

    public required string Text { get; set; }

    public string? ChangedBy { get; set; }
}

/// <summary>How far the rules have been evaluated; one row.</summary>
internal sealed class AlertProgressRow
{
    public int Id { get; set; }

    public long EvaluatedUs { get; set; }
}

/// <summary>A silence.</summary>
internal sealed class AlertSilenceRow
{
    public required string Id { get; set; }

    public long? EndsUs { get; set; }

    public required string Document { get; set; }
}

/// <summary>A receiver; the secret is encrypted.</summary>
internal sealed class AlertReceiverRow
{
    public required string Id { get; set; }

    public long Version { get; set; }

    public required string Document { get; set; }

    public byte[]? Secret { get; set; }
}

/// <summary>A change of an alert that a receiver has not been told yet.</summary>
internal sealed class AlertOutboxRow
{
    public long Id { get; set; }

    public required string ReceiverId { get; set; }

    public required string AlertId { get; set; }

    public long AtUs { get; set; }

    public bool IsResolved { get; set; }
}

/// <summary>A message to a receiver.</summary>
internal sealed class AlertDeliveryRow
{
    public required string Id { get; set; }

    public required string ReceiverId { get; set; }

    public required string GroupId { get; set; }

    public byte State { get; set; }

    public long ComposedUs { get; set; }

    public long? FinishedUs { get; set; }

    public required string Document { get; set; }
}
