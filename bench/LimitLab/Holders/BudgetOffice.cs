using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>Where the budget is: in one process after the other, with what each left in the store.</summary>
internal sealed class BudgetOffice : IEventTarget
{
    public const int Asked = 0;
    private const int TakesOver = 1;
    private const int Saves = 2;

    private static readonly TimeSpan _saveEvery = TimeSpan.FromSeconds(10);

    private readonly Clock _clock;
    private readonly NetworkPlan _network;
    private readonly BudgetSettings _settings;
    private readonly Func<ILimitLaw> _law;
    private LimitController _controller;
    private BudgetAuthority? _authority;
    private LimitMemory? _saved;
    private long _epoch;

    public BudgetOffice(Clock clock, NetworkPlan network, BudgetSettings settings, Func<ILimitLaw> law)
    {
        (_clock, _network, _settings, _law) = (clock, network, settings, law);
        _controller = new LimitController(law(), settings.Bounds, clock.Now);
        _authority = new BudgetAuthority(settings, _controller, ++_epoch, clock.Now, mustLearn: false);
        clock.After(_saveEvery, this, Saves);
    }

    /// <summary>The limit that was decided last.</summary>
    public double Limit => _controller.Limit;

    public bool IsProbing => _controller.Reason == LimitReason.Probe;

    /// <summary>What holders' operators would see; null while nobody holds the budget.</summary>
    public BudgetView? View => _authority?.View(_clock.Now);

    public void HolderDied(string name, long generation) => _authority?.HolderDied(name, generation, _clock.Now);

    /// <summary>The process that has the budget dies.</summary>
    public void Lose()
    {
        _authority = null;
        _clock.After(_network.TakeOver, this, TakesOver);
    }

    public void Happen(int what, long tag, object? subject)
    {
        if (what == Asked) Answer((Question)subject!);
        else if (what == TakesOver) TakeOver();
        else Save();
    }

    private void Answer(Question question)
    {
        if (_authority?.Renew(question.Request, _clock.Now) is { } reply) question.From.Reply(reply);
    }

    private void TakeOver()
    {
        _controller = new LimitController(_law(), _settings.Bounds, _clock.Now, _saved);
        _authority = new BudgetAuthority(_settings, _controller, ++_epoch, _clock.Now, mustLearn: true);
    }

    private void Save()
    {
        _clock.After(_saveEvery, this, Saves);
        if (_authority is not null) _saved = _controller.Remember();
    }
}
