using Orleans.TestingHost;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Cluster.Tests.Hosting;

/// <summary>
/// Ports for silos, one after the other as the test host wants them. Its own choice takes those for its gateways that the system gives to connections, and finds
/// none where another test has left some thousands of these behind.
/// </summary>
internal sealed class FreePortPairs : ITestClusterPortAllocator
{
    public (int, int) AllocateConsecutivePortPairs(int numPorts) => (Consecutive(numPorts), Consecutive(numPorts));

    public void Dispose()
    {
    }

    private static int Consecutive(int count)
    {
        while (true)
        {
            var ports = Enumerable.Range(0, count).Select(_ => FreePort.Next()).ToList();
            if (ports[^1] - ports[0] == count - 1) return ports[0];
        }
    }
}
