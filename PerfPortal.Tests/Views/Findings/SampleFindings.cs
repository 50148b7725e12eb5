using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Tests.Views;

/// <summary>Findings made by hand.</summary>
internal static class SampleFindings
{
    public static readonly DateTimeOffset Since = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    public static Finding Of(FindingKind kind, string sentence, Severity severity = Severity.Critical, string? source = null)
    {
        var latest = new FindingObservation
        {
            Kind = kind,
            Subject = new(source, MetricType.ModelOperation, "generate", FindingMeasures.Duration),
            Since = Since,
            SinceLow = Since.AddMinutes(-10),
            SinceHigh = Since.AddMinutes(10),
            Size = 0.4,
            Unit = "ratio",
            Confidence = 0.98,
            Severity = severity,
            Impact = 500,
            Sentence = sentence,
            Action = "Compare the versions before and after.",
            Evidence = [new("p50_before", 3.5, "s"), new("p50_after", 5.1, "s")],
            Causes = [new("metadata", "model_version changed from 1 to 2 at the same time.", Since, 0.9)],
        };
        return new() { Id = Finding.IdOf(latest, Since), Latest = latest, FirstSeen = Since.AddMinutes(20), LastSeen = Since.AddHours(2) };
    }
}
