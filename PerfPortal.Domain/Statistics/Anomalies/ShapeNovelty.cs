using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PerfPortal.Domain.Statistics.Anomalies;

/// <summary>
/// How far the newest stretch of a series is from the most similar stretch of its past: the left discord distance (Yankov, Keogh and Rebbapragada, "Disk aware discord
/// discovery", 2008; Lu et al., "Matrix Profile XXIV: DAMP", 2022) with an exponential window, so that the distance to the stretch any lag ago follows from that of the point
/// before: <c>D(lag) ← (1 − 1/w) · D(lag) + (x(t) − x(t − lag))² / w</c>. A season of any length needs no search: the stretch one season ago is similar.
/// </summary>
/// <param name="lags">The longest lag, in points.</param>
/// <param name="window">The length w of the exponential window, in points.</param>
internal sealed class ShapeNovelty(int lags, int window)
{
    // Nearer stretches share most of their points with the newest one.
    private const int NearestWindows = 2;
    private readonly float[] _distances = new float[lags];

    /// <summary>Adds a value and returns the root mean square difference from the most similar stretch, or <see langword="null"/> while there is none to compare with.</summary>
    /// <param name="past">The values before it, newest first.</param>
    /// <param name="value">The value.</param>
    public float? Add(ReadOnlySpan<float> past, float value)
    {
        int count = Math.Min(past.Length, lags);
        var distances = _distances.AsSpan(0, count);
        Update(distances, past[..count], value);

        // Until the past is full, the oldest lags have seen less than a window.
        int first = NearestWindows * window;
        int last = past.Length < lags ? count - (2 * window) : count;
        return last <= first ? null : MathF.Sqrt(Smallest(distances[first..last]));
    }

    // Compiled at full speed from the first call on.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update(Span<float> distances, ReadOnlySpan<float> past, float value)
    {
        float share = 1f / window;
        var values = new Vector<float>(value);
        var keeps = new Vector<float>(1 - share);
        var shares = new Vector<float>(share);
        var wide = MemoryMarshal.Cast<float, Vector<float>>(distances);
        var widePast = MemoryMarshal.Cast<float, Vector<float>>(past)[..wide.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            var difference = values - widePast[i];
            wide[i] = (keeps * wide[i]) + (shares * difference * difference);
        }

        for (int i = wide.Length * Vector<float>.Count; i < distances.Length; i++)
        {
            float difference = value - past[i];
            distances[i] = ((1 - share) * distances[i]) + (share * difference * difference);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Smallest(ReadOnlySpan<float> values)
    {
        var lanes = new Vector<float>(float.MaxValue);
        var wide = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var some in wide)
        {
            lanes = Vector.Min(lanes, some);
        }

        float smallest = float.MaxValue;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
        {
            smallest = Math.Min(smallest, lanes[lane]);
        }

        foreach (float one in values[(wide.Length * Vector<float>.Count)..])
        {
            smallest = Math.Min(smallest, one);
        }

        return smallest;
    }
}
