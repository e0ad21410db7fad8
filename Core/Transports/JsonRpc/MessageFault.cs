namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>What is wrong with a message.</summary>
/// <param name="IsJson">False when it cannot even be read; true when it is JSON and no message.</param>
/// <param name="Detail">A sentence for a person, without anything of the message itself.</param>
internal sealed record MessageFault(bool IsJson, string Detail);
