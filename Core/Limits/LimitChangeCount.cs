using System.Runtime.InteropServices;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Limits;

/// <summary>How often a limit changed for one reason.</summary>
/// <param name="Reason">Why.</param>
/// <param name="IsUp">Whether it was raised.</param>
/// <param name="Count">How often, since its controller began.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LimitChangeCount(LimitReason Reason, bool IsUp, long Count);
