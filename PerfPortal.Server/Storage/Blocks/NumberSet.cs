namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A set of non-negative numbers in the smaller of two forms: a bitmap, or a sorted array.</summary>
internal sealed class NumberSet
{
    private readonly ulong[] _bits = [];
    private readonly int[] _numbers = [];

    private NumberSet(int[] numbers)
    {
        int words = numbers.Length == 0 ? 0 : (numbers[^1] / 64) + 1;
        if (words > numbers.Length / 2)
        {
            _numbers = numbers;
            return;
        }

        _bits = new ulong[words];
        foreach (int number in numbers)
        {
            _bits[number / 64] |= 1UL << (number % 64);
        }
    }

    /// <summary>Creates a set of non-negative numbers.</summary>
    public static NumberSet Of(IEnumerable<int> numbers) => new([.. numbers.Distinct().Order()]);

    /// <summary>The numbers, ascending.</summary>
    public IEnumerable<int> All => _bits.Length > 0 ? Enumerable.Range(0, _bits.Length * 64).Where(Contains) : _numbers;

    /// <summary>Whether the set contains a number.</summary>
    public bool Contains(int number) =>
        _bits.Length > 0 ? number / 64 < _bits.Length && (_bits[number / 64] & (1UL << (number % 64))) != 0 : Array.BinarySearch(_numbers, number) >= 0;
}
