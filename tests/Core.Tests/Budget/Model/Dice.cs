namespace OrleansPool.Core.Tests.Budget.Model;

/// <summary>All choices within one step, drawn from that step's own number: a sequence that is shortened keeps the meaning of the steps it keeps.</summary>
internal sealed class Dice
{
    private uint _state;

    public void Take(int number) => _state = ((uint)number * 2654435769u) | 1;

    public int Below(int bound)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)((_state >> 8) % (uint)bound);
    }

    public bool Chance(int percent) => Below(100) < percent;

    public T Of<T>(List<T> all) => all[Below(all.Count)];

    /// <summary>Takes one out, wherever it stands: what is under way arrives in any order.</summary>
    public T Draw<T>(List<T> all)
    {
        var index = Below(all.Count);
        var drawn = all[index];
        all[index] = all[^1];
        all.RemoveAt(all.Count - 1);
        return drawn;
    }
}
