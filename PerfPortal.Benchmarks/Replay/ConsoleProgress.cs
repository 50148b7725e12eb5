using System.Globalization;

namespace PerfPortal.Benchmarks.Replay;

/// <summary>Progress on a text stream: a bar that is redrawn on a terminal, a plain line now and then elsewhere.</summary>
internal sealed class ConsoleProgress : IReplayProgress
{
    private const int BarWidth = 30;
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    private readonly TextWriter _output;
    private readonly bool _terminal;
    private readonly TimeProvider _time;
    private long _begun;
    private long _shown;
    private long _total;
    private long _done;
    private int _lineLength;

    /// <summary>Progress on a stream.</summary>
    /// <param name="output">Where it is shown.</param>
    /// <param name="terminal">Whether a line can be redrawn there.</param>
    /// <param name="time">The clock of rate and interval.</param>
    public ConsoleProgress(TextWriter output, bool terminal, TimeProvider time)
    {
        _output = output;
        _terminal = terminal;
        _time = time;
    }

    /// <inheritdoc/>
    public void Begin(long total)
    {
        _total = total;
        _done = 0;
        _begun = _shown = _time.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Advance(long rows)
    {
        _done += rows;
        if (_time.GetElapsedTime(_shown) < (_terminal ? TerminalInterval : PlainInterval))
        {
            return;
        }

        _shown = _time.GetTimestamp();
        Show(Line());
    }

    /// <inheritdoc/>
    public void End()
    {
        if (_total == 0)
        {
            return;
        }

        Show(Line());
        if (_terminal)
        {
            _output.WriteLine();
        }

        _lineLength = 0;
    }

    /// <inheritdoc/>
    public void Notice(string sentence)
    {
        if (_terminal)
        {
            _output.Write("\r" + new string(' ', _lineLength) + "\r");
        }

        _lineLength = 0;
        _output.WriteLine(sentence);
    }

    private string Line()
    {
        double seconds = _time.GetElapsedTime(_begun).TotalSeconds;
        double rate = seconds > 0 ? _done / seconds : 0;
        string left = rate > 0 ? $", {TimeSpan.FromSeconds(Math.Ceiling((_total - _done) / rate)):h\\:mm\\:ss} left" : "";
        double share = _total > 0 ? (double)_done / _total : 1;
        string figures = string.Create(CultureInfo.InvariantCulture, $"{_done:N0} of {_total:N0} rows ({share * 100:0} %), {rate:N0} rows/s{left}");
        int filled = (int)(share * BarWidth);
        return _terminal ? $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {figures}" : figures;
    }

    private void Show(string line)
    {
        if (_terminal)
        {
            _output.Write("\r" + line.PadRight(_lineLength));
        }
        else
        {
            _output.WriteLine(line);
        }

        _lineLength = line.Length;
    }
}
