using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Collects the values of one step. Reused for other steps.</summary>
internal sealed class DetailColumn
{
    private readonly LongList _values = new();
    private readonly TextIndex _texts = new();
    private EventLists? _events;

    /// <summary>The step that the column belongs to.</summary>
    public DetailStep Step { get; set; }

    /// <summary>The index of the step.</summary>
    public int Number { get; set; }

    /// <summary>Adds an integer, or the bits of a double.</summary>
    public void Add(long value) => _values.Add(value);

    /// <summary>Adds a string.</summary>
    public void Add(string text) => _values.Add(_texts.NumberOf(text));

    /// <summary>Adds the events of an operation.</summary>
    public void Add(IReadOnlyList<OperationEvent> events, long startUs)
    {
        _values.Add(events.Count);
        _events ??= new();
        long before = startUs;
        for (int i = 0; i < events.Count; i++)
        {
            var happened = events[i];
            long at = happened.At.ToMicroseconds();
            _events.Times.Add(at - before);
            _events.KindNumbers.Add(_events.Kinds.NumberOf(happened.Kind));
            _events.DetailNumbers.Add(happened.Detail is { } detail ? _events.Details.NumberOf(detail) + 1 : 0);
            before = at;
        }
    }

    /// <summary>Writes the column.</summary>
    public void Write(BlockBuffer target, bool isCompressed)
    {
        switch (Step.Column)
        {
            case ColumnKind.Integers:
                IntegerColumn.Write(target, _values.Items, isCompressed);
                break;
            case ColumnKind.Numbers:
                NumberColumn.Write(target, _values.Items, isCompressed);
                break;
            case ColumnKind.Texts:
                TextColumn.Write(target, _texts.Texts, _values.Items, isCompressed);
                break;
            case ColumnKind.Events:
                IntegerColumn.Write(target, _values.Items, isCompressed);
                IntegerColumn.Write(target, _events!.Times.Items, isCompressed);
                TextColumn.Write(target, _events.Kinds.Texts, _events.KindNumbers.Items, isCompressed);
                TextColumn.Write(target, _events.Details.Texts, _events.DetailNumbers.Items, isCompressed);
                break;
        }
    }

    /// <summary>Resets the column for reuse.</summary>
    public void Clear()
    {
        Step = default;
        _values.Clear();
        _texts.Clear();
        _events = null;
    }

    private sealed class EventLists
    {
        public LongList Times { get; } = new();

        public LongList KindNumbers { get; } = new();

        public LongList DetailNumbers { get; } = new();

        public TextIndex Kinds { get; } = new();

        public TextIndex Details { get; } = new();
    }
}
