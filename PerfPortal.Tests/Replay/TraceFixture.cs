using System.IO.Compression;
using System.Text;

namespace PerfPortal.Tests.Replay;

/// <summary>A folder of traces, gone with the test.</summary>
internal sealed class TraceFixture : IDisposable
{
    public const string LoraHeader = "gmt_create,predict_type,predict_status,exec_time_seconds,groupId,prompt_length,negative_prompt_length,num_images_per_prompt,num_inference_steps,checkpoint_model_version_id,num_lora";
    public const string LatencyHeader = "timestamp_anon,value,container_ip";

    private readonly string _folder = Directory.CreateTempSubdirectory("perfportal-replay-").FullName;

    public string Write(string name, params string[] lines)
    {
        string path = Path.Combine(_folder, name);
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
