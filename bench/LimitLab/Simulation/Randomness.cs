using System.Numerics;

namespace OrleansPool.Bench.LimitLab.Simulation;

/// <summary>
/// A stream of random numbers that is the same on every machine and version, which <see cref="Random"/> does not promise: xoshiro256** (Blackman,
/// Vigna), seeded by splitmix64. Each purpose has a stream of its own, so that all laws see the same calls in the same order.
/// </summary>
internal sealed class Randomness
{
    private ulong _a, _b, _c, _d;
    private double _spareNormal = double.NaN;

    public Randomness(long seed, Purpose purpose)
    {
        var state = unchecked(((ulong)seed * 0x9E3779B97F4A7C15) + ((ulong)purpose * 0xD1B54A32D192ED03));
        (_a, _b, _c, _d) = (Split(ref state), Split(ref state), Split(ref state), Split(ref state));
    }

    /// <summary>Evenly between 0 and 1, never 0.</summary>
    public double Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return ((result >> 11) + 0.5) * (1.0 / (1UL << 53));
    }

    /// <summary>From 0 to below <paramref name="count"/>.</summary>
    public int Next(int count) => (int)(Next() * count);

    /// <summary>Exponential with mean 1: the gap between arrivals of a Poisson process.</summary>
    public double NextExponential() => -Math.Log(Next());

    /// <summary>Normal with mean 0 and deviation 1, by Box and Muller.</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            var spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }

        var radius = Math.Sqrt(2 * NextExponential());
        var (sine, cosine) = Math.SinCos(2 * Math.PI * Next());
        _spareNormal = radius * sine;
        return radius * cosine;
    }

    private static ulong Split(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
