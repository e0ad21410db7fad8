using System.Collections.Concurrent;
using System.Net;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>A name service in the test's hand; a name that it was told nothing of has no address.</summary>
internal sealed class ScriptedResolver : IAddressResolver
{
    private readonly ConcurrentDictionary<string, IPAddress[]> _answers = new();
    private int _asked;

    /// <summary>Questions so far.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>What <paramref name="host"/> stands for from now on; nothing makes it fail.</summary>
    public ScriptedResolver Answer(string host, params string[] addresses)
    {
        _answers[host] = [.. addresses.Select(IPAddress.Parse)];
        return this;
    }

    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellation)
    {
        var answer = _answers.GetValueOrDefault(host, []);
        Interlocked.Increment(ref _asked);
        return new(answer);
    }
}
