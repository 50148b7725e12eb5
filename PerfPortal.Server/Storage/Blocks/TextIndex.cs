namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Collects the distinct strings of a column in order of first occurrence and assigns their indexes.</summary>
internal sealed class TextIndex
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];
    private string? _last;
    private int _lastNumber;

    /// <summary>The distinct strings.</summary>
    public List<string> Texts => _texts;

    /// <summary>Returns the index of a string, adding it if needed.</summary>
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

    /// <summary>Removes all strings.</summary>
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
