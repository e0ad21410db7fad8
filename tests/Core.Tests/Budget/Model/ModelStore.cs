using OrleansPool.Core.Budget.Store;

namespace OrleansPool.Core.Tests.Budget.Model;

/// <summary>
/// The store as one process sees it: a call may take place at once or later, its answer may come later or never, it may fail before or after it took place.
/// Calls of a process that died take place all the same, without anybody to tell.
/// </summary>
internal sealed class ModelStore(IBudgetStore store, Dice dice) : IBudgetStore
{
    private readonly List<Action> _underWay = [];

    public bool IsAway { get; set; }

    public bool IsQuiet => _underWay.Count == 0;

    public ValueTask<Stored<SiloRow>?> ReadSiloAsync(string silo, CancellationToken cancellation) => Call(() => store.ReadSiloAsync(silo, cancellation));

    public ValueTask<string?> WriteSiloAsync(SiloRow row, string? version, CancellationToken cancellation) => Call(() => store.WriteSiloAsync(row, version, cancellation));

    public ValueTask<Stored<EndpointRow>?> ReadEndpointAsync(string endpoint, CancellationToken cancellation) => Call(() => store.ReadEndpointAsync(endpoint, cancellation));

    public ValueTask<string?> WriteEndpointAsync(EndpointRow row, string? version, CancellationToken cancellation) => Call(() => store.WriteEndpointAsync(row, version, cancellation));

    /// <summary>Something that is under way goes on.</summary>
    public void Advance()
    {
        if (_underWay.Count > 0) dice.Draw(_underWay)();
    }

    private ValueTask<T> Call<T>(Func<ValueTask<T>> call)
    {
        if (IsAway) throw new TimeoutException("away");
        switch (dice.Below(20))
        {
            case 0:
                throw new TimeoutException("before");
            case 1:
                return Fail(call());
            case 2 or 3:
                return AnswerLater(call());
            case 4 or 5:
                var late = new TaskCompletionSource<T>();
                _underWay.Add(() => Forward(AnswerLater(call()), late));
                return new(late.Task);
            default:
                return call();
        }
    }

    private static async ValueTask<T> Fail<T>(ValueTask<T> done)
    {
        await done.ConfigureAwait(false);
        throw new TimeoutException("after");
    }

    private ValueTask<T> AnswerLater<T>(ValueTask<T> done)
    {
        var answer = new TaskCompletionSource<T>();
        _underWay.Add(() => Forward(done, answer));
        return new(answer.Task);
    }

    private static async void Forward<T>(ValueTask<T> from, TaskCompletionSource<T> to) => to.SetResult(await from.ConfigureAwait(false));
}
