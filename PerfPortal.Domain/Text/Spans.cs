using System.Globalization;

namespace PerfPortal.Domain.Text;

/// <summary>Lengths of time in sentences, where seconds do not matter.</summary>
public static class Spans
{
    /// <summary>Returns <c>less than a minute</c>, <c>16 min</c>, <c>3 h 04 m</c> or <c>2 d 03 h</c>.</summary>
    public static string Text(TimeSpan length) => length.TotalMinutes switch
    {
        < 1 => "less than a minute",
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(length.TotalMinutes):0} min"),
        _ => Format.Duration(length),
    };
}
