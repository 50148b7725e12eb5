using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views.Losses;

/// <summary>States what was lost in the last 24 hours, which is what the dashboard sums up: its figures lack it.</summary>
internal sealed class LossNotice(LossBook book, TimeProvider time)
{
    /// <summary>The number of sentences.</summary>
    public const int MaxSentences = 3;

    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private Written? _written;

    /// <summary>Returns the sentences; <see langword="null"/> when nothing was lost.</summary>
    public string? Read()
    {
        // Every open page asks once a second.
        var (all, minute) = (book.All, time.GetUtcNow().Ticks / TimeSpan.TicksPerMinute);
        if (all.Count == 0)
        {
            return null;
        }

        if (Volatile.Read(ref _written) is not { } written || written.All != all || written.Minute != minute)
        {
            Volatile.Write(ref _written, written = new(all, minute, Write(all, time.GetUtcNow() - Window)));
        }

        return written.Text;
    }

    private static string? Write(IReadOnlyList<Loss> all, DateTimeOffset since)
    {
        var lost = LossWords.Together(all.TakeWhile(loss => loss.To > since));
        if (lost.Count == 0)
        {
            return null;
        }

        string text = string.Join(' ', lost.Take(MaxSentences).Select(LossWords.Sentence));
        int more = lost.Skip(MaxSentences).Select(loss => loss.Source).Except(lost.Take(MaxSentences).Select(loss => loss.Source), StringComparer.Ordinal).Count();
        return more == 0 ? text : $"{text} {Format.Count(more)} more {(more == 1 ? "source" : "sources")} lost reports.";
    }

    private sealed record Written(IReadOnlyList<Loss> All, long Minute, string? Text);
}
