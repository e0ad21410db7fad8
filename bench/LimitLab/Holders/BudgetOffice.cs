using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>
/// Where the budget is: in one process after the other, with what each left in the store. A successor watches the lease of the one before and takes over when
/// that can be fenced (rule fence_wait), whether it is dead or only cut off, and learns before it deals.
/// </summary>
internal sealed class BudgetOffice : IEventTarget
{
    public const int Asked = 0;
    private const int Look = 1;
    private const int Saves = 2;

    private static readonly TimeSpan _saveEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(500);

    private readonly Clock _clock;
    private readonly BudgetSettings _settings;
    private readonly Func<ILimitLaw> _law;
    private OfficeSeat _seat;
    private OfficeSeat? _former;
    private HashSet<int> _askFormer = [];
    private LeaseWatch? _watch;
    private LimitMemory? _saved;
    private long _epoch;

    public BudgetOffice(Clock clock, BudgetSettings settings, Func<ILimitLaw> law)
    {
        (_clock, _settings, _law) = (clock, settings, law);
        _seat = Take(mustLearn: false);
        clock.After(_saveEvery, this, Saves);
        clock.After(_lookEvery, this, Look);
    }

    /// <summary>The limit that was decided last.</summary>
    public double Limit => _seat.Controller.Limit;

    public bool IsProbing => _seat.Controller.Reason == LimitReason.Probe;

    public void HolderDied(string name, long generation) => _seat.Authority.HolderDied(name, generation, _clock.Now);

    /// <summary>The process that has the budget dies.</summary>
    public void Lose() => Replace([]);

    /// <summary>The process that has the budget is cut off from the store, and reached by some holders only. It does not know.</summary>
    public void Split(IEnumerable<int> askFormer) => Replace([.. askFormer]);

    /// <summary>All holders reach the same process again.</summary>
    public void Heal() => _askFormer = [];

    public void Happen(int what, long tag, object? subject)
    {
        if (what == Asked) Answer((Question)subject!, (int)tag);
        else if (what == Look) LookAround();
        else Save();
    }

    private void Replace(HashSet<int> askFormer)
    {
        (_former, _askFormer, _watch) = (_seat, askFormer, new LeaseWatch());
        _former.IsCutOff = true;
    }

    private void Answer(Question question, int holder)
    {
        // While nobody has taken over, who does not reach the former process reaches nobody.
        var seat = _askFormer.Contains(holder) ? _former : _watch is null ? _seat : null;
        if (seat?.Answer(question.Request, _clock.Now) is { } reply) question.From.Reply(reply);
    }

    private void LookAround()
    {
        _clock.After(_lookEvery, this, Look);
        if (_watch?.MayFence(_former!.Row, _clock.Now) == true)
        {
            _watch = null;
            _seat = Take(mustLearn: true);
        }

        _seat.Renew(_clock.Now);
    }

    private OfficeSeat Take(bool mustLearn)
    {
        var controller = new LimitController(_law(), _settings.Bounds, _clock.Now, _saved);
        var seat = new OfficeSeat($"silo-{++_epoch}", new BudgetAuthority(_settings, controller, _epoch, _clock.Now, mustLearn), controller);
        seat.Renew(_clock.Now);
        return seat;
    }

    private void Save()
    {
        _clock.After(_saveEvery, this, Saves);
        if (!_seat.IsCutOff) _saved = _seat.Controller.Remember();
    }
}
