using FsCheck.Xunit;
using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Blocks;

public sealed class NumberSetTests
{
    [Property(MaxTest = 300)]
    public void It_holds_what_was_put_in_and_nothing_else(int[] any, int seed)
    {
        var random = new Random(seed);
        int max = 1 << random.Next(1, 16);
        int[] numbers = [.. any.Select(number => (int)((uint)number % max))];
        var set = NumberSet.Of(numbers);
        for (int number = 0; number < max + 130; number++)
        {
            Assert.Equal(numbers.Contains(number), set.Contains(number));
        }

        Assert.Equal(numbers.Distinct().Order(), set.All);
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0 })]
    [InlineData(new[] { 63, 64, 65, 127 })]
    [InlineData(new[] { 3, int.MaxValue })]
    public void The_rims_are_kept(int[] numbers)
    {
        var set = NumberSet.Of(numbers);
        Assert.All(numbers, number => Assert.True(set.Contains(number)));
        Assert.False(set.Contains(1));
        Assert.Equal(numbers.Contains(int.MaxValue), set.Contains(int.MaxValue));
    }
}
