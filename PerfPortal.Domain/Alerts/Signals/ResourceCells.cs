using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>The measured time and the integral of one metric of a host, by minute, in a ring.</summary>
internal sealed class ResourceCells(int minutes)
{
    private readonly (double Seconds, double Integral)[] _cells = new (double, double)[minutes];

    /// <summary>The number of minutes that are held.</summary>
    public int Minutes => _cells.Length;

    /// <summary>Sets a minute.</summary>
    public void Set(long minute, ResourceFigure? figure) => _cells[Index(minute)] = figure is { } known ? (known.Seconds, known.Integral) : default;

    /// <summary>Empties a minute.</summary>
    public void Clear(long minute) => _cells[Index(minute)] = default;

    /// <summary>Adds up the minutes [<paramref name="from"/>, <paramref name="to"/>), oldest first, so that equal minutes give an equal sum.</summary>
    public (double Seconds, double Integral) Sum(long from, long to)
    {
        double seconds = 0;
        double integral = 0;
        for (long minute = from; minute < to; minute++)
        {
            var cell = _cells[Index(minute)];
            seconds += cell.Seconds;
            integral += cell.Integral;
        }

        return (seconds, integral);
    }

    private int Index(long minute) => (int)(((minute % _cells.Length) + _cells.Length) % _cells.Length);
}
