using System.Globalization;

namespace PerfPortal.Tests.Api;

/// <summary>Bodies of reports.</summary>
internal static class SampleReports
{
    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    /// <summary>An operation that ended, of five seconds, a minute ago; a member that is null is left out.</summary>
    public static Dictionary<string, object?> Ended(string name, params (string Name, object? Value)[] members)
    {
        var body = new Dictionary<string, object?>
        {
            ["id"] = Guid.NewGuid(),
            ["metric_type"] = "model_operation",
            ["operation_name"] = name,
            ["source"] = "test",
            ["start_time"] = Text(Now.AddMinutes(-1)),
            ["duration_seconds"] = 5.0,
            ["success"] = true,
        };
        foreach ((string member, object? value) in members)
        {
            if (value is null)
            {
                body.Remove(member);
            }
            else
            {
                body[member] = value;
            }
        }

        return body;
    }

    public static Guid Id(this Dictionary<string, object?> body) => (Guid)body["id"]!;
}
