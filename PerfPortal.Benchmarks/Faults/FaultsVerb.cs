using System.CommandLine;
using PerfPortal.Benchmarks.Faults.Attacks;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Faults;

/// <summary>The verb <c>faults</c>: invalid inputs, bodies that decompress to gigabytes, endless names, an unavailable database, attacks.</summary>
internal static class FaultsVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var inputs = new Option<int>("--inputs") { Description = "How many wrong inputs; 0 leaves them out.", DefaultValueFactory = _ => 1_000_000, HelpName = "N" };
        var names = new Option<int>("--names") { Description = "How many different names; 0 leaves them out.", DefaultValueFactory = _ => 1_000_000, HelpName = "N" };
        var locked = new Option<int>("--locked") { Description = "For how many seconds the database is held; 0 leaves it out.", DefaultValueFactory = _ => 60, HelpName = "S" };
        var late = new Option<int>("--late") { Description = "How many operations are reported before late reports come; 0 leaves them out.", DefaultValueFactory = _ => 580_000, HelpName = "N" };
        var bodies = new Option<bool>("--bodies") { Description = "Whether small bodies that unpack to millions of items are sent.", DefaultValueFactory = _ => true };
        var attacks = new Option<int>("--attacks") { Description = "With how many stored operations the portal is attacked; 0 leaves the attacks out.", DefaultValueFactory = _ => 500_000, HelpName = "N" };
        return MeasurementVerb.Create(
            "faults", "Malformed input, unlimited names, late reports, an unavailable database, attacks: no crash, no loss, bounded memory.",
            async (arguments, progress, cancellationToken) =>
            [
                .. arguments.GetValue(locked) is > 0 and var seconds ? await LockedDatabase.MeasureAsync(TimeSpan.FromSeconds(seconds), progress, cancellationToken) : [],
                .. arguments.GetValue(attacks) is > 0 and var stored ? await AttackedPortal.MeasureAsync(stored, progress, cancellationToken) : [],
                .. arguments.GetValue(names) is > 0 and var many ? await ManyNames.MeasureAsync(many, progress, cancellationToken) : [],
                .. arguments.GetValue(late) is > 0 and var before ? await LateReports.MeasureAsync(before, progress, cancellationToken) : [],
                .. arguments.GetValue(bodies) ? await LargeBodies.MeasureAsync(progress, cancellationToken) : [],
                .. arguments.GetValue(inputs) is > 0 and var wrong ? await OddInputs.MeasureAsync(wrong, progress, cancellationToken) : [],
            ],
            inputs, names, locked, late, bodies, attacks);
    }
}
