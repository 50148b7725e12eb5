using FsCheck.Xunit;
using PerfPortal.Domain.Sampling.Probes;

namespace PerfPortal.Tests.Sampling.Probes;

public class CounterRateTests
{
    [Property]
    public bool Whatever_is_read_a_rate_is_unknown_or_finite_and_not_negative((ulong Value, int Milliseconds)[] readings)
    {
        var rate = new CounterRate();
        foreach ((ulong value, int milliseconds) in readings)
        {
            rate.Step(value, TimeSpan.FromMilliseconds(milliseconds));
            if (rate.ToNullable() is { } known && !(double.IsFinite(known) && known >= 0))
            {
                return false;
            }
        }

        return true;
    }

    [Property]
    public bool A_growing_counter_s_rate_is_its_growth_per_second(uint start, uint growth, ushort seconds)
    {
        var rate = new CounterRate();
        rate.Step(start, TimeSpan.FromSeconds(1));
        rate.Step((ulong)start + growth, TimeSpan.FromSeconds(2 + seconds));
        return Math.Abs(rate.PerSecond - (growth / (1.0 + seconds))) < 1e-6 * (1 + growth);
    }
}
