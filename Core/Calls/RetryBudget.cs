using OrleansPool.Core.Model;

namespace OrleansPool.Core.Calls;

/// <summary>
/// How many calls an endpoint may send once more: a share of its calls of the last ten seconds, and some per second on top for one that is quiet. Without
/// it, an upstream that refuses because it is overloaded would get three times the calls just then. Thread-safe.
/// </summary>
/// <remarks>The two numbers together are Finagle's retry budget (https://twitter.github.io/finagle/guide/Glossary.html).</remarks>
internal sealed class RetryBudget(RetryOptions options, TimeProvider time)
{
    private const int Seconds = 10;

    private readonly Lock _gate = new();
    private readonly int[] _calls = new int[Seconds];
    private readonly int[] _spent = new int[Seconds];
    private long _second;
    private long _callsInAll;
    private long _spentInAll;

    /// <summary>A call came.</summary>
    public void Called()
    {
        lock (_gate)
        {
            Advance();
            _calls[_second % Seconds]++;
            _callsInAll++;
        }
    }

    /// <summary>May one be sent once more? If so, that is spent.</summary>
    public bool TrySpend()
    {
        lock (_gate)
        {
            Advance();
            if (_spentInAll + 1 > (options.BudgetShare * _callsInAll) + (options.BudgetPerSecond * Seconds)) return false;
            _spent[_second % Seconds]++;
            _spentInAll++;
            return true;
        }
    }

    /// <summary>What was spent just now was not used after all.</summary>
    public void GiveBack()
    {
        lock (_gate)
        {
            // Perhaps to the next second, which then has one more to give: the sum of all ten is right at any time.
            Advance();
            _spent[_second % Seconds]--;
            _spentInAll--;
        }
    }

    private void Advance()
    {
        var second = (long)time.MonotonicNow().TotalSeconds;
        for (var gone = Math.Max(_second + 1, second - Seconds + 1); gone <= second; gone++)
        {
            var slot = gone % Seconds;
            _callsInAll -= _calls[slot];
            _spentInAll -= _spent[slot];
            (_calls[slot], _spent[slot]) = (0, 0);
        }

        _second = Math.Max(_second, second);
    }
}
