using System.Globalization;
using System.Text.Json.Nodes;

namespace PerfPortal.Server.Wire.Parameters;

/// <summary>A share between two inclusive bounds.</summary>
internal sealed class ShareParameter(string name, double min, double max, double fallback) : QueryParameter<double>(name, fallback)
{
    public override string Requirement => string.Create(CultureInfo.InvariantCulture, $"must be a number from {(decimal)min} to {(decimal)max}");

    public override ValueShape Shape => new("number") { Format = "double", Minimum = min, Maximum = max, Default = JsonValue.Create(Fallback) };

    public override bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;
}
