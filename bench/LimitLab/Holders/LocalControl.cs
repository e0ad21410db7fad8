using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>What users have today: every process finds a limit of its own, from what it sees itself.</summary>
internal sealed class LocalControl(HolderServices services, Func<int, ILimitLaw> law, LimitBounds bounds) : IControl, IEventTarget
{
    private const string Self = "self";
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<Holder, LimitController> _controllers = [];
    private readonly HashSet<Holder> _frozen = [];

    public double Limit => _controllers.Values.Sum(c => c.Limit);

    public bool IsProbing => _controllers.Values.Any(c => c.Reason == LimitReason.Probe);

    public Holder Join(int index, long generation)
    {
        var controller = new LimitController(law(index), bounds, services.Clock.Now);
        var holder = new Holder(services, index, controller.Limit, connections: null);
        _controllers.Add(holder, controller);
        services.Clock.After(_period, this, 0, 0, holder);
        return holder;
    }

    public void Left(Holder holder, bool inOrder) => _controllers.Remove(holder);

    public void Frozen(Holder holder, bool isFrozen)
    {
        if (isFrozen) _frozen.Add(holder);
        else _frozen.Remove(holder);
    }

    public void Happen(int what, long tag, object? subject)
    {
        var holder = (Holder)subject!;
        if (!_controllers.TryGetValue(holder, out var controller)) return;
        services.Clock.After(_period, this, 0, 0, holder);
        if (_frozen.Contains(holder)) return;
        var now = services.Clock.Now;
        controller.Report(Self, holder.Limiter.Meter.Take(now), now);
        if (!controller.Advance(now)) return;
        holder.Limiter.SetLimit(controller.Limit, now);
        holder.Serve();
    }
}
