using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Cluster.Tests.Hosting;

/// <summary>The grain calls of the data plane that reach the silos, beats aside: these come when the clock says so, as renewals of shares do.</summary>
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
        public Task Invoke(IIncomingGrainCallContext context)
        {
            var interfaceType = context.InterfaceMethod.DeclaringType;
            var isOfACall = interfaceType == typeof(IPoolGrain) || interfaceType == typeof(IStreamGrain);
            return isOfACall && context.InterfaceMethod.Name != nameof(IPoolGrain.Beat) ? NoteAsync(context) : context.Invoke();
        }

        // On arrival, so that a test which has its answer finds all that led to it.
        private async Task NoteAsync(IIncomingGrainCallContext context)
        {
            var asked = context.Request.GetArgumentCount() == 0 ? null : context.Request.GetArgument(0);
            var call = new GrainCall(silo.Name, context.TargetId.Key.ToString()!, context.InterfaceMethod.Name) { Body = BodyIn(asked) };
            calls.Enqueue(call);
            await context.Invoke();
            call.Body = Math.Max(call.Body, BodyIn(context.Result));
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

/// <summary>One grain call: the silo that got it, the lane it came by, and the method.</summary>
internal sealed record GrainCall(string Silo, string Lane, string Method)
{
    /// <summary>Bytes of body in the call or in its answer, whichever are more.</summary>
    public int Body { get; set; }
}
