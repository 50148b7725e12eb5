using System.Globalization;
using System.Text;
using PerfPortal.Domain.Models.Downloads.Errors;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>
/// The retries of a download and how they ended, as <see cref="Advice.AdviceFacts.Retries"/> reports them: the first twenty one by one, all as a number. Thread-safe.
/// </summary>
internal sealed class RetryLog
{
    /// <summary>The number of retries that are kept one by one.</summary>
    public const int MaxEntries = 20;

    private readonly Lock _lock = new();
    private readonly List<(DownloadErrorCategory Category, TimeSpan Delay, bool? IsOk)> _entries = [];

    /// <summary>The number of retries.</summary>
    public int Count { get; private set; }

    /// <summary>Notes that a retry is made; one whose wait was cut off is none.</summary>
    /// <returns>What <see cref="End"/> takes.</returns>
    public int Begin(DownloadErrorCategory category, TimeSpan delay)
    {
        lock (_lock)
        {
            Count++;
            if (_entries.Count >= MaxEntries)
            {
                return -1;
            }

            _entries.Add((category, delay, null));
            return _entries.Count - 1;
        }
    }

    /// <summary>Counts that a file is loaded again for a reason from which nothing is learned.</summary>
    public void Again()
    {
        lock (_lock)
        {
            Count++;
        }
    }

    /// <summary>Notes how a retry ended; the first word counts.</summary>
    public void End(int entry, bool isOk)
    {
        lock (_lock)
        {
            if (entry >= 0 && _entries[entry].IsOk is null)
            {
                _entries[entry] = _entries[entry] with { IsOk = isOk };
            }
        }
    }

    /// <summary>The text of the fact; <see langword="null"/> without retries. One that was cut off has neither failed nor succeeded, and is left out.</summary>
    public string? Text()
    {
        lock (_lock)
        {
            var text = new StringBuilder();
            foreach (var (category, delay, isOk) in _entries.Where(entry => entry.IsOk is not null))
            {
                text.Append(text.Length == 0 ? "" : "; ")
                    .Append(CultureInfo.InvariantCulture, $"{category.WireName()} {delay.TotalSeconds:0.###} {(isOk == true ? "ok" : "failed")}");
            }

            return text.Length == 0 ? null : text.ToString();
        }
    }
}
