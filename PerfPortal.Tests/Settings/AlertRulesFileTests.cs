using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Hosting;
using PerfPortal.Server.Settings.Configuration;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Settings;

public sealed class AlertRulesFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "rules.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_there_are_no_rules() => Assert.Empty(AlertRulesFile.Read(null));

    [Fact]
    public void Rules_are_read_with_ids_that_stay_and_can_stand_for_built_in_ones()
    {
        var rules = Read("""
            { "rules": [ // ours
              { "name": "Failures of models", "signal": { "kind": "failure_rate" }, "scope": { "metric_type": "model_operation" }, "per": "name", "threshold": 0.2, "min_operations": 5 },
              { "id": "builtin-high-cpu", "name": "High CPU usage", "signal": { "kind": "resource", "metric": "cpu_percent" }, "threshold": 95, "for_seconds": 600 },
            ] }
            """);
        Assert.Equal([32, "builtin-high-cpu".Length], rules.Select(rule => rule.Id.Length));
        Assert.All(rules, rule => Assert.True(rule.IsProvisioned));
        Assert.Equal(rules[0].Id, Read("""[{ "name": "Failures of models", "signal": { "kind": "score" }, "threshold": 1 }]""")[0].Id);
    }

    [Fact]
    public void Every_mistake_is_told_in_one_message()
    {
        var wrong = Assert.Throws<PortalConfigurationException>(() => Read("""
            [
              { "name": "A", "signal": { "kind": "score" }, "threshold": 101, "for_second": 5 },
              { "name": "B", "signal": { "kind": "score" }, "threshold": 1, "id": "mine" },
              { "name": "C", "signal": { "kind": "score" }, "threshold": 1 },
              { "name": "c", "signal": { "kind": "score" }, "threshold": 1 },
              5
            ]
            """));
        Assert.Equal(5, wrong.Errors.Count);
        Assert.Contains($"PerfPortal:Alerts:RulesFile \"{File}\" rules[0]: threshold must be from 0 to 100.", wrong.Message);
        Assert.Contains("rules[0]: There is no member for_second; did you mean for_seconds?", wrong.Message);
        Assert.Contains("rules[1]: id must be that of a built-in rule", wrong.Message);
        Assert.Contains("two rules with the name c", wrong.Message);
        Assert.Contains("rules[4]: The body must be a JSON object.", wrong.Message);
    }

    [Theory]
    [InlineData("[", "is not valid JSON")]
    [InlineData("{}", "must contain a JSON array")]
    public void A_file_that_is_no_list_of_rules_is_told(string text, string words) => Assert.Contains(words, Assert.Throws<PortalConfigurationException>(() => Read(text)).Message);

    [Fact]
    public void A_missing_file_is_told() => Assert.Contains("cannot be read", Assert.Throws<PortalConfigurationException>(() => AlertRulesFile.Read(File)).Message);

    [Fact]
    public async Task Rules_of_the_file_are_marked_and_cannot_be_changed_over_rest()
    {
        System.IO.File.WriteAllText(File, """[{ "name": "From the file", "signal": { "kind": "score" }, "comparison": "below", "threshold": 50 }]""");
        await using var portal = await PortalFactory.StartAsync(("Alerts:RulesFile", File));
        var rule = (await portal.Client.GetAsync("alerts/rules")).Expect(200)["items"].EnumerateArray().Single(item => item.GetProperty("provisioned").GetBoolean());
        string id = rule.GetProperty("id").GetString()!;
        (await portal.Client.SendAsync(HttpMethod.Delete, $"alerts/rules/{id}", null)).ExpectProblem(409, "rules file");
        string tag = (await portal.Client.GetAsync($"alerts/rules/{id}")).Headers.ETag!.ToString();
        (await portal.Client.SendAsync(HttpMethod.Put, $"alerts/rules/{id}", PortalClient.Bytes(System.Text.Encoding.UTF8.GetBytes(rule.GetRawText()), "application/json"), ("If-Match", tag)))
            .ExpectProblem(409, "rules file");
    }

    private IReadOnlyList<AlertRule> Read(string text)
    {
        System.IO.File.WriteAllText(File, text);
        return AlertRulesFile.Read(File);
    }
}
