using System.Security.Cryptography;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A hash of operation ids, seeded per process so that clients cannot choose ids that collide.</summary>
internal static class IdHash
{
    private static readonly ulong Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    /// <summary>The hash of an id: two rounds of multiply and fold, as in wyhash.</summary>
    public static ulong Of(long high, long low)
    {
        ulong first = Fold((ulong)high ^ Seed, 0xA0761D6478BD642F ^ (ulong)low);
        return Fold(first ^ 0xE7037ED1A0B428DB, (ulong)low ^ Seed);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}
