using System.Runtime.InteropServices;

namespace OrleansPool.Core.Transports;

/// <summary>What one attempt to send a call adds to the request.</summary>
/// <param name="GrpcTimeout">Value for <c>grpc-timeout</c>, replacing the caller's; null to send none.</param>
/// <param name="RequestGauge">Watches the size of the messages in a body that is still arriving; null for no limit.</param>
/// <param name="IsAlone">True when the request is not being sent by another attempt at the same time.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SendOptions(string? GrpcTimeout, MessageGauge? RequestGauge, bool IsAlone = true);
