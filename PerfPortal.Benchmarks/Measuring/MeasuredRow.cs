using System.Text.Json.Serialization;

namespace PerfPortal.Benchmarks.Measuring;

/// <summary>One figure of a verb, with the yardstick of the same run beside it.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">How much, in <paramref name="Unit"/>.</param>
/// <param name="Unit">The unit of value and yardstick, such as <c>ns</c>, <c>bytes</c>, <c>ops/s</c>.</param>
/// <param name="Yardstick">What it is held against, or <see langword="null"/> where the goal is a plain count.</param>
/// <param name="YardstickValue">The yardstick's figure in the same run.</param>
/// <param name="Goal">The goal; <see langword="null"/> for a figure that is only informative.</param>
internal sealed record MeasuredRow(string Name, double Value, string Unit, string? Yardstick = null, double? YardstickValue = null, Goal? Goal = null)
{
    /// <summary>Value by yardstick, or <see langword="null"/> without one.</summary>
    public double? Ratio => YardstickValue is { } yardstick && yardstick != 0 ? Value / yardstick : null;

    /// <summary>Whether the goal is met by the ratio, or by the value where there is no yardstick; <see langword="null"/> without a goal.</summary>
    public bool? Met => Goal?.IsMetBy(Ratio ?? Value);
}

/// <summary>A bound that a ratio, or a plain value, should keep.</summary>
/// <param name="Bound">The bound.</param>
/// <param name="IsUpper">Whether smaller is better.</param>
internal readonly record struct Goal(double Bound, bool IsUpper)
{
    /// <summary>At most.</summary>
    public static Goal AtMost(double bound) => new(bound, IsUpper: true);

    /// <summary>At least.</summary>
    public static Goal AtLeast(double bound) => new(bound, IsUpper: false);

    /// <summary>Whether a figure keeps the bound; NaN never does.</summary>
    public bool IsMetBy(double figure) => IsUpper ? figure <= Bound : figure >= Bound;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{(IsUpper ? "≤" : "≥")} {Bound:0.####}");
}

/// <summary>What a verb measured.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Machine">Processor, cores, memory and runtime, in words.</param>
/// <param name="Rows">The figures.</param>
internal sealed record Measurement(string Verb, string Machine, IReadOnlyList<MeasuredRow> Rows);

/// <summary>A goal is text on the wire.</summary>
internal sealed class GoalConverter : JsonConverter<Goal>
{
    public override Goal Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) =>
        throw new NotSupportedException("Measurements are written, not read.");

    public override void Write(System.Text.Json.Utf8JsonWriter writer, Goal value, System.Text.Json.JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
