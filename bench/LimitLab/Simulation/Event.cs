using System.Runtime.InteropServices;

namespace OrleansPool.Bench.LimitLab.Simulation;

/// <summary>Something that will happen. A struct, so that millions of them cost no garbage.</summary>
/// <param name="At">When, in ticks.</param>
/// <param name="Order">Breaks ties by the order of scheduling, which makes a run repeatable.</param>
/// <param name="Target">What it happens to.</param>
/// <param name="What">What happens, in the target's own numbering.</param>
/// <param name="Tag">A number for the target.</param>
/// <param name="Subject">What it happens with.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Event(long At, long Order, IEventTarget Target, int What, long Tag, object? Subject)
{
    public bool IsBefore(in Event other) => At < other.At || (At == other.At && Order < other.Order);
}
