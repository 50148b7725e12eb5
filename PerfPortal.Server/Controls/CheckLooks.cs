using PerfPortal.Domain.Analysis.Damage;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Controls;

/// <summary>How a health check that found something wrong looks: that it succeeded does not say that its model is sound.</summary>
internal static class CheckLooks
{
    /// <summary>What an operation found; <see langword="null"/> when it found nothing wrong, or is no health check.</summary>
    public static (Health State, string Words)? Of(Operation operation) => Of(CheckReport.FaultsOf(operation));

    /// <summary>What was found; <see langword="null"/> for nothing.</summary>
    public static (Health State, string Words)? Of(ModelFaults faults) =>
        faults.HasFlag(ModelFaults.Corruption) ? (Health.Critical, "Damage found")
        : faults.HasFlag(ModelFaults.MissingFiles) ? (Health.Warning, "Files missing")
        : faults.HasFlag(ModelFaults.LowScore) ? (Health.Warning, "Not intact")
        : null;

    /// <summary>What a check found after how it ended, such as <c>Succeeded, damage found</c>.</summary>
    public static string Words(Operation operation, string found) => $"{StatusChip.LookOf(operation.Status).Word}, {char.ToLowerInvariant(found[0])}{found[1..]}";

    /// <summary>What a check that found something says on its own page.</summary>
    public static string Sentence(CheckReport report, string model)
    {
        string what = report.Faults.HasFlag(ModelFaults.Corruption) ? $"This check found that {model} is damaged"
            : report.Faults.HasFlag(ModelFaults.MissingFiles) ? $"This check found that files of {model} are missing"
            : $"This check found that {model} is not intact";
        return report.Reasons is { } reasons ? $"{what}. {reasons}" : what + ".";
    }
}
