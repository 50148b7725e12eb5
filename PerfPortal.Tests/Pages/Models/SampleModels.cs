using System.Buffers.Binary;
using System.Text;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Server.Wire;

namespace PerfPortal.Tests.Pages.Models;

/// <summary>Models, downloads and groups as pages get them, and a model file.</summary>
internal static class SampleModels
{
    /// <summary>A model as its last check found it.</summary>
    public static ModelBody Model(string name = "org/tiny", HealthState state = HealthState.Healthy, params ModelReasonBody[] reasons) => new(
        name, "/models/" + name, 3 << 20, 4, state == HealthState.Incomplete ? 1 : 0, state, state == HealthState.Unknown ? null : state == HealthState.Healthy ? 1 : 0.42,
        state == HealthState.Unknown ? null : new(state == HealthState.Healthy ? 1 : 0.5, 0.98, 0.9, 0.952), reasons, 0,
        state == HealthState.Unknown ? null : PortalContext.Noon.AddMinutes(-3), state == HealthState.Unknown ? null : HealthCheckKind.Full, PortalContext.Noon.AddHours(-5), PortalContext.Noon.AddHours(6), 25, null, null);

    /// <summary>A download.</summary>
    public static ModelDownloadBody Download(DownloadState state = DownloadState.Running, string name = "org/tiny") => new(
        Guid.Parse("018f2f6e-7c1a-7000-8000-000000000001"), name, "/models/" + name, "https://hub.example/tiny.safetensors", state, PortalContext.Noon.AddMinutes(-2),
        state is DownloadState.Running or DownloadState.Queued ? null : PortalContext.Noon.AddMinutes(-1), state == DownloadState.Completed ? 4 << 20 : 1 << 20, 4 << 20,
        state == DownloadState.Running ? 1 << 20 : 0, state == DownloadState.Running ? 3 : null, state == DownloadState.Running ? 8 : 0, 2,
        state == DownloadState.Failed ? "The server answers 429 and asks to wait for an hour." : null, state == DownloadState.Failed ? "rate_limit" : null, ["The server does not support ranges."],
        [new("tiny.safetensors", 1 << 20, 4 << 20, false, false), new("config.json", 20, 20, true, true)], 2, 1, Guid.Parse("018f2f6e-7c1a-7000-8000-000000000002"), false,
        state == DownloadState.Completed ? true : null, null, null, null, null, null, null, null, null, null);

    /// <summary>A group of alternatives.</summary>
    public static FallbackGroupBody Group(CounterfactualBody? counterfactual = null, int attempts = 10, double observedSeconds = 518_400) => new(
        "chat", "gpu-1", 20, 0.95, 4.5, 61, [new("llama-3b", attempts, attempts, 0.4, 0.92, 0.44, null), new("llama-8b-q4", 2, 1, 12, 0.5, 24, null)], counterfactual, observedSeconds, 366,
        FallbackGroupBody.ByTime);

    /// <summary>A valid safetensors file with one tensor of zeros.</summary>
    /// <param name="floats">The number of its elements.</param>
    public static byte[] Safetensors(int floats)
    {
        string header = FormattableString.Invariant($"{{\"w\":{{\"dtype\":\"F32\",\"shape\":[{floats}],\"data_offsets\":[0,{floats * 4}]}}}}");
        byte[] file = new byte[8 + header.Length + (floats * 4)];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        Encoding.ASCII.GetBytes(header, file.AsSpan(8));
        return file;
    }

    /// <summary>The same with a header that is not JSON.</summary>
    public static byte[] Broken(int floats)
    {
        byte[] file = Safetensors(floats);
        file[8] = (byte)'x';
        return file;
    }
}
