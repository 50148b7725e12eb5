namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The texts of a column: each once, in the order in which they came, and the number of each row's.</summary>
internal sealed class TextIndex
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];
    private string? _last;
    private int _lastNumber;

    /// <summary>The different texts.</summary>
    public List<string> Texts => _texts;

    /// <summary>The number of a text, which is added when it is new.</summary>
    public int NumberOf(string text)
    {
        if (ReferenceEquals(text, _last))
        {
            return _lastNumber;
        }

        ref int number = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_numbers, text, out bool isKnown);
        if (!isKnown)
        {
            number = _texts.Count;
            _texts.Add(text);
        }

        _last = text;
        return _lastNumber = number;
    }

    /// <summary>Forgets all texts.</summary>
    public void Clear()
    {
        const int maxKept = 1 << 13;
        bool isLarge = _texts.Count > maxKept;
        _last = null;
        _texts.Clear();
        _numbers.Clear();
        if (isLarge)
        {
            _texts.TrimExcess();
            _numbers.TrimExcess();
        }
    }
}
