using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports;

/// <summary>A connection just opened, or why there is none.</summary>
/// <param name="Socket">Its socket; null with a failure.</param>
/// <param name="Stream">What to read from and write to, and the owner of the socket; null with a failure.</param>
/// <param name="Failure">Why there is none, or null.</param>
internal readonly record struct Dialed(Socket? Socket, Stream? Stream, CallFailure? Failure)
{
    /// <summary>True when there is a connection.</summary>
    [MemberNotNullWhen(true, nameof(Socket), nameof(Stream))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsOpen => Failure is null;
}
