using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Downloads;

/// <summary>Advice for the downloader.</summary>
internal static class DownloadAdvice
{
    /// <summary>Writes the items.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="downloads">The downloads that count, in the order of their ends.</param>
    /// <param name="ofHost">All downloads from the host: what its servers can take does not depend on the name, and learning it name by name would take far longer.</param>
    /// <param name="size">The bytes to load.</param>
    /// <param name="load">The latest sample of the host that downloads.</param>
    public static void Write(AdviceWriter answer, (IReadOnlyList<PastDownload> List, string Among) downloads, (IReadOnlyList<PastDownload> List, string Among) ofHost, long? size, ResourceSample? load)
    {
        var (list, among) = downloads;
        var comparable = SizeClass.Comparable(list, size, out bool isOfSize);
        string like = isOfSize ? $"of this size {among}" : among;
        RetryAdvice.Add(answer, ofHost.List, ofHost.Among);
        TimeoutAdvice.Add(answer, comparable, like);
        var alike = SizeClass.Comparable(ofHost.List, size, out bool isHostOfSize);
        LevelAdvice.Add(answer, alike, size, isHostOfSize ? $"of this size {ofHost.Among}" : ofHost.Among);
        double[] speeds = [.. comparable.Select(download => download.Speed!.Value).Order()];
        LoadAdvice.AddBandwidth(answer, load, speeds.Length >= Confidence.MinSamples ? Confidence.Quantile(speeds, 0.9) : null);
        AddSpeed(answer, speeds, like);
        AddEta(answer, comparable, size, like);
        AddErrors(answer, list, among);
    }

    private static void AddSpeed(AdviceWriter answer, double[] speeds, string among)
    {
        if (speeds.Length < Confidence.MinSamples)
        {
            answer.Default(AdviceKinds.ExpectedSpeed, null, speeds.Length, TooFew(speeds.Length, among));
            return;
        }

        answer.Learned(
            AdviceKinds.ExpectedSpeed, null, Confidence.Quantile(speeds, 0.5), speeds.Length, Confidence.OfSorted(speeds),
            $"Half of {Format.Count(speeds.Length)} downloads {among} were faster than {Format.BytesPerSecond(Confidence.Quantile(speeds, 0.5))}; "
            + $"the slowest tenth reached at most {Format.BytesPerSecond(Confidence.Quantile(speeds, 0.1))}.");
    }

    // From the durations, which contain retries, and not from the speeds.
    private static void AddEta(AdviceWriter answer, List<PastDownload> comparable, long? size, string among)
    {
        if (size is not { } bytes)
        {
            return;
        }

        if (comparable.Count < Confidence.MinSamples)
        {
            answer.Default(AdviceKinds.Eta, null, comparable.Count, TooFew(comparable.Count, among));
            return;
        }

        double[] secondsPerByte = [.. comparable.Select(download => download.Seconds / download.Bytes!.Value).Order()];
        double median = bytes * Confidence.Quantile(secondsPerByte, 0.5);
        answer.Learned(
            AdviceKinds.Eta, null, median, comparable.Count, Confidence.OfSorted(secondsPerByte),
            $"At the pace of {Format.Count(comparable.Count)} downloads {among}, {Format.Bytes(bytes)} takes {Format.Seconds(median)}, "
            + $"and one in ten takes {Format.Seconds(bytes * Confidence.Quantile(secondsPerByte, 0.9))} or longer.");
    }

    private static void AddErrors(AdviceWriter answer, IReadOnlyList<PastDownload> downloads, string among)
    {
        if (downloads.Count < Confidence.MinSamples)
        {
            return;
        }

        foreach (var group in downloads.Where(download => !download.Succeeded).GroupBy(download => download.ErrorCategory ?? "unknown", StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Take(8))
        {
            int failed = group.Count();
            answer.Learned(
                AdviceKinds.KnownError, group.Key, (double)failed / downloads.Count, downloads.Count, Confidence.OfShare(failed, downloads.Count),
                $"{Format.Count(failed)} of {Format.Count(downloads.Count)} downloads {among} failed with {(failed == 1 ? $"{(group.Key is "authentication" or "integrity" or "unknown" ? "an" : "a")} {Counted.Category(group.Key)} error, " : $"{Counted.Category(group.Key)} errors, most recently ")}{Format.Duration(answer.Now - group.Max(download => download.End))} ago.");
        }
    }

    private static string TooFew(int count, string among) =>
        $"{Counted.TooFew(count, "successful download")} {among} so far; at least {Confidence.MinSamples} are needed.";
}
