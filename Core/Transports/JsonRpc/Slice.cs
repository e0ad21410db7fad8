using System.Runtime.InteropServices;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>Where something stands in a message's bytes; empty for what is not there.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The byte behind its last.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Slice(int Start, int End)
{
    public int Length => End - Start;

    public bool IsEmpty => End == Start;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> bytes) => bytes[Start..End];

    public ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> bytes) => bytes[Start..End];
}
