using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Collects the details of one operation.</summary>
internal sealed class OperationDraft(int steps)
{
    private readonly KeyValuePair<string, MetadataValue>[] _members = new KeyValuePair<string, MetadataValue>[steps];
    private int _memberCount;
    private double? _done;
    private double? _total;
    private string? _unit;
    private Dictionary<string, double>? _usage;
    private string? _traceId;
    private string? _spanId;
    private string? _parentId;
    private DateTimeOffset? _heartbeat;
    private OperationEvent[] _events = [];

    /// <summary>Adds the value of a column for an operation.</summary>
    public void Add(ColumnReader column, int index, long startUs)
    {
        switch (column.Step.Part)
        {
            case DetailPart.Member:
                _members[_memberCount++] = new(column.Step.Name!, Member(column, index));
                break;
            case DetailPart.ProgressDone:
                _done = Number(column, index);
                break;
            case DetailPart.ProgressTotal:
                _total = Number(column, index);
                break;
            case DetailPart.ProgressUnit:
                _unit = column.TextAt(index);
                break;
            case DetailPart.Usage:
                _usage = new(StringComparer.Ordinal);
                break;
            case DetailPart.UsageValue:
                (_usage ??= new(StringComparer.Ordinal))[column.Step.Name!] = Number(column, index);
                break;
            case DetailPart.TraceId:
                _traceId = column.TextAt(index);
                break;
            case DetailPart.SpanId:
                _spanId = column.TextAt(index);
                break;
            case DetailPart.ParentId:
                _parentId = column.TextAt(index);
                break;
            case DetailPart.Heartbeat:
                _heartbeat = BlockTimes.ToTime(startUs + column.ValueAt(index));
                break;
            case DetailPart.Events:
                _events = column.EventsAt(index, startUs);
                break;
        }
    }

    /// <summary>Returns the operation with the collected details.</summary>
    public Operation Complete(Operation operation) => operation with
    {
        Metadata = Metadata.OfDistinct(_members.AsSpan(0, _memberCount)),
        Progress = _done is { } done ? new Progress(done, _total, _unit) : null,
        ResourceUsage = _usage,
        TraceId = _traceId,
        SpanId = _spanId,
        ParentId = _parentId,
        LastHeartbeatAt = _heartbeat,
        Events = _events,
    };

    private static double Number(ColumnReader column, int index) => BitConverter.Int64BitsToDouble(column.ValueAt(index));

    private static MetadataValue Member(ColumnReader column, int index) => column.Step.Kind switch
    {
        MetadataKind.Null => default,
        MetadataKind.Text => MetadataValue.From(column.TextAt(index)),
        MetadataKind.Json => MetadataValue.FromJson(column.TextAt(index)),
        MetadataKind.Digits => MetadataValue.FromDigits(column.TextAt(index)),
        var kind => MetadataValue.FromBits(kind, column.ValueAt(index)),
    };
}
