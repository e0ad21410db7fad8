using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Cluster.Tests.Hosting;

/// <summary>The grain calls that reach the silos, beats aside: these come when the clock says so.</summary>
internal sealed class GrainCallLog
{
    private readonly ConcurrentQueue<GrainCall> _calls = new();

    /// <summary>Has a silo tell its calls to this log.</summary>
    public void ListenTo(IServiceCollection silo) =>
        silo.AddSingleton<IIncomingGrainCallFilter>(services => new Listener(_calls, services.GetRequiredService<ILocalSiloDetails>()));

    /// <summary>What came since the last time it was asked.</summary>
    public IReadOnlyList<GrainCall> Take()
    {
        var taken = new List<GrainCall>();
        while (_calls.TryDequeue(out var call)) taken.Add(call);
        return taken;
    }

    private sealed class Listener(ConcurrentQueue<GrainCall> calls, ILocalSiloDetails silo) : IIncomingGrainCallFilter
    {
        public async Task Invoke(IIncomingGrainCallContext context)
        {
            await context.Invoke();
            var (lane, method) = (context.TargetId.Key.ToString()!, context.InterfaceMethod.Name);
            var isOfThePool = context.InterfaceMethod.DeclaringType?.Assembly == typeof(IPoolGrain).Assembly;
            if (!isOfThePool || method == nameof(IPoolGrain.Beat)) return;
            var asked = context.Request.GetArgumentCount() == 0 ? null : context.Request.GetArgument(0);
            calls.Enqueue(new GrainCall(silo.Name, lane, method, Math.Max(BodyIn(asked), BodyIn(context.Result))));
        }

        private static int BodyIn(object? message) => message switch
        {
            CallMessage call => call.Body.Length,
            WriteMessage write => write.Bytes.Length,
            ReplyMessage reply => reply.First.Bytes.Length,
            PieceMessage piece => piece.Bytes.Length,
            _ => 0,
        };
    }
}

/// <summary>One grain call: the silo that got it, the lane it came by, the method, and the bytes of body in its messages.</summary>
internal sealed record GrainCall(string Silo, string Lane, string Method, int Body);
