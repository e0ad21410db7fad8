using System.Runtime.InteropServices;

namespace OrleansPool.Core.Limits.Laws;

/// <summary>Between what a law may move.</summary>
/// <param name="Floor">Least permits, 1 or more.</param>
/// <param name="Ceiling">Most permits, not below the floor.</param>
/// <param name="Initial">Where it starts when nothing is remembered; between the two.</param>
/// <param name="SlowestHealthy">The slowest tenth of the response times may not be above this, whatever the baseline says; zero: no such bound.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LimitBounds(int Floor, int Ceiling, int Initial, TimeSpan SlowestHealthy = default);
