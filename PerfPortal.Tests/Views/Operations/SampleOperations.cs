using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Tests.Pages;

namespace PerfPortal.Tests.Views.Operations;

internal static class SampleOperations
{
    public static readonly DateTimeOffset Noon = PortalContext.Noon;

    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public static Operation Running(int number, string name = "fetch", string source = "alpha", MetricType type = MetricType.DownloadOperation) => new()
    {
        Id = Id(number),
        MetricType = type,
        Name = name,
        Source = source,
        Status = OperationStatus.Running,
        StartTime = Noon.AddMinutes(number - 60),
    };

    public static Operation Ended(
        int number, string name = "fetch", string source = "alpha", OperationStatus status = OperationStatus.Succeeded, string? error = null) =>
        Running(number, name, source) with { Status = status, EndTime = Noon.AddMinutes(number - 59), ErrorType = error };

    public static ActiveRow Row(int number) => new(Running(number), null, null);
}
