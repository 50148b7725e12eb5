using System.Text.Json;
using PerfPortal.Benchmarks.Insight;
using Xunit;

namespace PerfPortal.Tests.Benchmarks;

public sealed class ChangePointsVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("perfportal-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_series_of_a_folder_gets_its_change_points()
    {
        string values = string.Join(',', Enumerable.Range(0, 60).Select(i => i == 7 ? "null" : i < 30 ? $"{10 + (i % 3)}" : $"{20 + (i % 3)}"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "step.json"), $$"""{"n_obs":60,"n_dim":1,"series":[{"label":"V1","raw":[{{values}}]}]}""", Token);
        await File.WriteAllTextAsync(Path.Combine(_folder, "annotations.json"), "{}", Token);
        var output = new StringWriter();
        Assert.Equal(0, await ChangePointsVerb.RunAsync(_folder, Path.Combine(_folder, "out"), output, TextWriter.Null, Token));
        var found = JsonSerializer.Deserialize<Dictionary<string, int[]>>(await File.ReadAllTextAsync(Path.Combine(_folder, "out", "predictions.json"), Token))!;
        Assert.Equal([30], found["step"]);
        Assert.Single(found);
        Assert.StartsWith("1 series, 60 values, 1 change points", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_series_is_an_error_that_says_so()
    {
        var errors = new StringWriter();
        Assert.Equal(1, await ChangePointsVerb.RunAsync(Path.Combine(_folder, "none"), _folder, TextWriter.Null, errors, Token));
        Assert.Equal(1, await ChangePointsVerb.RunAsync(_folder, _folder, TextWriter.Null, errors, Token));
        Assert.Contains("there is no such folder", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("there are no series", errors.ToString(), StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
