using System.Globalization;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>
/// Examines a file that <c>torch.save</c> wrote before PyTorch 1.6: five pickles (magic number, version, facts of the system, object, keys of its storages), then each storage's number of elements
/// and its bytes. What the object says of a storage must agree with what is there.
/// </summary>
internal static class TorchPickles
{
    private const long Version = 1_001;
    private const int LongestMagic = 27;

    // The number 0x1950a86a20f9469cfc6c in binary and text pickles.
    private static ReadOnlySpan<byte> Magic => [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    private static ReadOnlySpan<byte> TextMagic => "L119547037146038801333356L\n"u8;

    /// <summary>Whether bytes begin with the magic number; protocols of pickles differ in what is before it.</summary>
    public static bool Begin(ReadOnlySpan<byte> first)
    {
        const int FrameSize = 9;
        bool isBinary = first is [0x80, >= 2 and <= 5, ..];
        return first.StartsWith(TextMagic) || (isBinary && (first[2..].StartsWith(Magic) || (first.Length > LongestMagic && first[2] == 0x95 && first[(2 + FrameSize)..].StartsWith(Magic))));
    }

    /// <summary>Examines a file.</summary>
    /// <exception cref="MalformedException">It is damaged.</exception>
    public static void Run(ByteSource source)
    {
        using var cursor = new ByteCursor(source, 0, source.Length);
        var pickles = new PickleReader(cursor);
        pickles.Read();
        long versionAt = cursor.Position;
        if (pickles.Read() is not Version)
        {
            throw new MalformedException(HealthReasonKinds.Header, versionAt, null, $"The version of the format at byte {Format.Count(versionAt)} is not {Format.Count(Version)}, the only one there is.");
        }

        pickles.Read();
        long objectAt = cursor.Position;
        pickles.Read();
        if (pickles.HasOtherIds)
        {
            throw new MalformedException(HealthReasonKinds.Contradiction, objectAt, null, $"The pickle at byte {Format.Count(objectAt)} refers to contents in a way that PyTorch does not have, or to the same ones in two ways.");
        }

        long keysAt = cursor.Position;
        pickles.Read();
        foreach (string key in pickles.Listed)
        {
            if (pickles.Storages.Count == 0)
            {
                // In pickles of text they are no more than text.
                return;
            }

            if (!pickles.Storages.TryGetValue(key, out var storage))
            {
                throw new MalformedException(HealthReasonKinds.Contradiction, keysAt, null, $"The file has contents for the key '{Shown(key)}', and no tensor refers to them.");
            }

            if (storage.ElementSize == 0)
            {
                // Where the next one begins is not known.
                return;
            }

            long at = cursor.Position;
            ulong elements = cursor.ReadUInt64("size of a tensor");
            if (elements != (ulong)storage.Elements || elements > long.MaxValue / 16)
            {
                throw new MalformedException(
                    HealthReasonKinds.Contradiction, at, sizeof(long),
                    string.Create(CultureInfo.InvariantCulture, $"The contents '{Shown(key)}' at byte {at:N0} should have {storage.Elements:N0} elements, and have {elements:N0}."));
            }

            cursor.Skip(elements * (uint)storage.ElementSize, $"tensor '{Shown(key)}'");
        }
    }

    private static string Shown(string key) => Names.Show(System.Text.Encoding.UTF8.GetBytes(key));
}
