using System.Runtime.InteropServices;

namespace OrleansPool.Core.Budget;

/// <summary>What a holder may use right now; computed anew from the clock, so that one who slept through the end of its lease sees it at once.</summary>
/// <param name="Permits">Calls in flight at most.</param>
/// <param name="Connections">Connections at most: connecting, idle, busy and draining together.</param>
/// <param name="MustSever">True when connections above <paramref name="Connections"/> have to be closed hard, not drained (rule sever).</param>
/// <param name="ValidFor">Time until this may change by itself; zero when it is for good.</param>
/// <param name="Turn">Its turn among the holders, 0 to below 1, as last heard.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HolderAllowance(int Permits, int Connections, bool MustSever, TimeSpan ValidFor, double Turn = 0);
