using PerfPortal.Domain.Models.Health.Formats;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Results;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

/// <summary>Files that other programs wrote: those of Debian's <c>libonnx-testdata</c>, if it is installed, and any below the directory that <c>PERFPORTAL_TEST_MODELS</c> names.</summary>
public sealed class RealFilesTests
{
    private const string Onnx = "/usr/share/libonnx-testdata";

    [Fact]
    public void Files_of_other_programs_have_no_errors()
    {
        string?[] folders = [Environment.GetEnvironmentVariable("PERFPORTAL_TEST_MODELS"), Onnx];
        var files = folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder!, "*", SearchOption.AllDirectories)).Where(File.Exists).ToList();
        Assert.SkipWhen(files.Count == 0, "There are no models of other programs: install libonnx-testdata (Debian), or name a directory in PERFPORTAL_TEST_MODELS.");
        int examined = 0;
        var pace = new ReadPace(() => null, TimeProvider.System);
        foreach (string file in files)
        {
            using var handle = FileHasher.Open(file);
            var report = FormatChecks.Run(Path.GetFileName(file), new FileBytes(handle, pace, TestContext.Current.CancellationToken));
            examined += report.Format is null ? 0 : 1;
            Assert.True(!report.HasError, $"{file}: {report.Reasons.FirstOrDefault(reason => reason.Severity == HealthSeverity.Error)}");
        }

        Assert.True(examined > 0, "None of the files has a known format.");
    }
}
