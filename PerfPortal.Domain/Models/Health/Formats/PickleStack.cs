using System.Runtime.InteropServices;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>The stack, the marks and the memo of a pickle's reader, and the storages that are known. They hold placeholders and short texts, and no more of them than a limit.</summary>
/// <param name="cursor">Where the reader is.</param>
/// <param name="maxItems">The maximum number of values, <see cref="MaxItems"/> but in tests.</param>
internal sealed class PickleStack(ByteCursor cursor, int maxItems)
{
    /// <summary>The maximum number of values on the stack, in the memo, in <see cref="Listed"/> and of storages together.</summary>
    public const int MaxItems = 1_000_000;

    /// <summary>Stands for an object of any class.</summary>
    public static readonly object Unknown = new();

    /// <summary>Stands for a value that is only a value, such as <c>None</c> or bytes: it cannot be called or added to.</summary>
    public static readonly object Plain = new();

    public static readonly object Tuple = new();

    public static readonly object List = new();

    public static readonly object Dictionary = new();

    public static readonly object Set = new();

    private readonly List<object> _items = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<ulong, object> _memo = [];
    private readonly List<string> _listed = [];
    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>The texts that were added to lists since the last <see cref="Clear"/>.</summary>
    public IReadOnlyList<string> Listed => _listed;

    /// <summary>The storages that were kept, by key; <see cref="Clear"/> leaves them.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _storages;

    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    public void Clear()
    {
        _items.Clear();
        _marks.Clear();
        _memo.Clear();
        _listed.Clear();
    }

    public void Push(object value)
    {
        Count();
        _items.Add(value);
    }

    public object Pop()
    {
        object top = Peek();
        _items.RemoveAt(_items.Count - 1);
        return top;
    }

    public void Pop(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Pop();
        }
    }

    public object Peek() => _items.Count > Floor ? _items[^1] : throw Refuse("works on more values than there are");

    public void Mark()
    {
        Count();
        _marks.Add(_items.Count);
    }

    /// <summary>Removes the last mark and the values above it.</summary>
    /// <returns>These values.</returns>
    public object[] PopMark()
    {
        if (_marks.Count == 0)
        {
            throw Refuse("ends a group that never began");
        }

        int from = Floor;
        _marks.RemoveAt(_marks.Count - 1);
        object[] values = [.. CollectionsMarshal.AsSpan(_items)[from..]];
        _items.RemoveRange(from, values.Length);
        return values;
    }

    /// <summary>Removes the last value, or the mark if none is above it.</summary>
    public void Drop()
    {
        if (_marks.Count > 0 && Floor == _items.Count)
        {
            _marks.RemoveAt(_marks.Count - 1);
        }
        else
        {
            Pop();
        }
    }

    /// <summary>Checks that the value on top may have values added to it.</summary>
    /// <param name="kind">What it has to be, if it is not an object of a class.</param>
    public void AddTo(object kind)
    {
        object top = Peek();
        if (top != kind && top != Unknown)
        {
            throw Refuse("adds to a value that cannot be added to");
        }
    }

    /// <summary>Replaces a callable and its arguments by what would be the result.</summary>
    public void Call()
    {
        object arguments = Pop();
        object callable = Pop();
        if ((arguments != Tuple && arguments != Unknown && arguments != TorchStorage.Module && arguments is not TorchStorage) || (callable != Unknown && callable is not PickleName))
        {
            throw Refuse("calls a value that cannot be called");
        }

        Push(Unknown);
    }

    /// <summary>Adds values to the list on top.</summary>
    public void Append(ReadOnlySpan<object> values)
    {
        AddTo(List);
        foreach (object value in values)
        {
            if (value is string text)
            {
                Count();
                _listed.Add(text);
            }
        }
    }

    public void Put(ulong index)
    {
        Count();
        _memo[index] = Peek();
    }

    /// <summary>Keeps a storage.</summary>
    /// <returns>Whether it is the only one with its key.</returns>
    public bool Keep(TorchStorage storage)
    {
        if (_storages.TryGetValue(storage.Key, out var known))
        {
            return known == storage;
        }

        Count();
        _storages.Add(storage.Key, storage);
        return true;
    }

    public void Memoize() => Put((ulong)_memo.Count);

    public object Get(ulong index) => _memo.TryGetValue(index, out object? value) ? value : throw Refuse("refers to a value that it does not have");

    private void Count()
    {
        if (_items.Count + _marks.Count + _memo.Count + _listed.Count + _storages.Count >= maxItems)
        {
            throw new MalformedException(HealthReasonKinds.Limit, cursor.Position, null, $"The pickle has more than {Format.Count(maxItems)} values; the rest of the file is not examined.");
        }
    }

    private MalformedException Refuse(string what) => new(HealthReasonKinds.Header, cursor.Position, null, $"An instruction of the pickle before byte {Format.Count(cursor.Position)} {what}.");
}

/// <summary>The name of a type or function in a pickle, without its module.</summary>
internal sealed record PickleName(string Name);
