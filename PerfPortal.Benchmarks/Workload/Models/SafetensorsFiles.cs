using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PerfPortal.Benchmarks.Workload.Models;

/// <summary>Writes the weights of a model as safetensors shards with their index.</summary>
internal static class SafetensorsFiles
{
    private const int BytesPerWeight = 2;
    private const int Alignment = 8;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The files by path.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="shards">The number of files that the tensors are spread over, at least 1.</param>
    /// <param name="seed">What the weights are calculated from.</param>
    public static IEnumerable<(string Path, SeededBytes Content)> Write(ModelShape shape, int shards, ulong seed)
    {
        var tensors = shape.Tensors.ToList();
        shards = Math.Clamp(shards, 1, tensors.Count);
        var index = new Dictionary<string, string>();
        long total = 0;
        for (int shard = 0; shard < shards; shard++)
        {
            var own = tensors[(tensors.Count * shard / shards)..(tensors.Count * (shard + 1) / shards)];
            string path = shards == 1 ? "model.safetensors" : string.Create(CultureInfo.InvariantCulture, $"model-{shard + 1:00000}-of-{shards:00000}.safetensors");
            var (head, data) = Header(own);
            own.ForEach(tensor => index[tensor.Name] = path);
            total += data;
            yield return (path, new(head, data, Chance.Mix(seed + (ulong)shard)));
        }

        if (shards > 1)
        {
            yield return ("model.safetensors.index.json", Text(new { metadata = new { total_size = total }, weight_map = index }));
        }
    }

    /// <summary>A small file of JSON.</summary>
    public static SeededBytes Text(object value) => new(JsonSerializer.SerializeToUtf8Bytes(value, Indented), 0, 0);

    private static (byte[] Head, long Data) Header(List<(string Name, int[] Shape)> tensors)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = new { format = "pt" } };
        long offset = 0;
        foreach (var (name, shape) in tensors)
        {
            long end = offset + (shape.Aggregate(1L, (product, side) => product * side) * BytesPerWeight);
            header[name] = new { dtype = "BF16", shape, data_offsets = new[] { offset, end } };
            offset = end;
        }

        string json = JsonSerializer.Serialize(header);
        json = json.PadRight((json.Length + Alignment - 1) / Alignment * Alignment);
        byte[] head = new byte[sizeof(ulong) + json.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)json.Length);
        Encoding.ASCII.GetBytes(json, head.AsSpan(sizeof(ulong)));
        return (head, offset);
    }
}
