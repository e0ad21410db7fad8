namespace OrleansPool.Bench.Load;

/// <summary>
/// A load generator as a process of its own: it says <see cref="Ready"/>, then answers each order on a line of its input with a result on a line of
/// its output, and ends with its input. Every path has one, so that no path's caller differs from another's in what else its process did before.
/// </summary>
public static class LoadProcess
{
    /// <summary>The first line.</summary>
    public const string Ready = "ready";

    /// <summary>Serves orders until the input ends.</summary>
    /// <param name="newCaller">Makes a worker's caller; called once for each of as many workers as there are ever at once.</param>
    /// <param name="input">Where orders come from.</param>
    /// <param name="output">Where results go.</param>
    public static async Task ServeAsync(Func<Task<ICaller>> newCaller, TextReader input, TextWriter output)
    {
        var loop = new ClosedLoop(newCaller, TimeProvider.System);
        await output.WriteLineAsync(Ready);
        while (await input.ReadLineAsync() is { } line)
        {
            var isOrder = SliceOrder.TryParse(line, out var order);
            var result = isOrder ? await RunAsync(loop, order!) : SliceResult.Failed($"'{line}' is no order; 'run 64 3' is one");
            await output.WriteLineAsync(result.ToLine());
        }
    }

    private static async Task<SliceResult> RunAsync(ClosedLoop loop, SliceOrder order)
    {
        try
        {
            return await loop.RunAsync(order);
        }
        catch (Exception e) when (e is CallFailedException or HttpRequestException or IOException or OperationCanceledException)
        {
            return SliceResult.Failed((e.InnerException ?? e).Message);
        }
    }
}
