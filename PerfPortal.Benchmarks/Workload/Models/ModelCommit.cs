using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PerfPortal.Benchmarks.Workload.Models;

/// <summary>A generated version of a model: the same seed always has the same files.</summary>
/// <param name="Model">The model.</param>
/// <param name="Sha">The id of the commit, 40 hexadecimal digits.</param>
/// <param name="Files">The files by path.</param>
internal sealed record ModelCommit(ServedModel Model, string Sha, FrozenDictionary<string, ModelFile> Files)
{
    /// <summary>Generates a version.</summary>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The ids of Git are SHA-1.")]
    public static ModelCommit Generate(ServedModel model, int seed)
    {
        var shape = ModelShape.Of(model.SizeBytes);
        string name = model.Repository[(model.Repository.IndexOf('/', StringComparison.Ordinal) + 1)..];
        ulong weights = Chance.Seed(seed, string.Create(CultureInfo.InvariantCulture, $"{model.Repository} {model.Version}"));
        var contents = TextFiles.Write($"{name} {model.Version}", shape).Concat(
            model.Format == ModelFormat.Gguf ? [($"{name}-Q8_0.gguf", GgufFile.Write(name, shape, weights))] : SafetensorsFiles.Write(shape, model.Shards, weights));
        var files = contents.AsParallel().Select(file => ModelFile.Of(file.Path, file.Content)).ToFrozenDictionary(file => file.Path, StringComparer.Ordinal);
        string tree = string.Join('\n', files.Values.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => $"{file.Path} {file.BlobId} {file.Sha256}"));
        return new(model, Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(tree))), files);
    }
}

/// <summary>A file of a model.</summary>
/// <param name="Path">The path in the repository.</param>
/// <param name="Content">The bytes.</param>
/// <param name="Sha256">The SHA-256 of the content: the object id of a large file.</param>
/// <param name="BlobId">The id of Git's blob: of the content, or of the pointer of a large file.</param>
/// <param name="IsLarge">Whether it is a large file (LFS), which is served from <c>/cdn</c>.</param>
internal sealed record ModelFile(string Path, SeededBytes Content, string Sha256, string BlobId, bool IsLarge)
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The length in bytes.</summary>
    public long Length => Content.Length;

    /// <summary>The entity tag that the repository states.</summary>
    public string ETag => $"\"{(IsLarge ? Sha256 : BlobId)}\"";

    /// <summary>The pointer that Git keeps instead of a large file.</summary>
    public byte[] Pointer => Encoding.ASCII.GetBytes(FormattableString.Invariant($"version https://git-lfs.github.com/spec/v1\noid sha256:{Sha256}\nsize {Length}\n"));

    /// <summary>Calculates the ids of a file.</summary>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The ids of Git are SHA-1.")]
    public static ModelFile Of(string path, SeededBytes content)
    {
        bool isLarge = path.EndsWith(".safetensors", StringComparison.Ordinal) || path.EndsWith(".gguf", StringComparison.Ordinal);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha1.AppendData(BlobHeader(content.Length));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        for (long offset = 0; offset < content.Length; offset += BufferBytes)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(BufferBytes, content.Length - offset));
            content.Read(offset, part);
            sha256.AppendData(part);
            if (!isLarge)
            {
                sha1.AppendData(part);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        var file = new ModelFile(path, content, Convert.ToHexStringLower(sha256.GetHashAndReset()), Convert.ToHexStringLower(sha1.GetHashAndReset()), isLarge);
        return isLarge ? file with { BlobId = Convert.ToHexStringLower(SHA1.HashData([.. BlobHeader(file.Pointer.Length), .. file.Pointer])) } : file;
    }

    private static byte[] BlobHeader(long length) => Encoding.ASCII.GetBytes(FormattableString.Invariant($"blob {length}\0"));
}
