using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace OrleansPool.Bench.Paths.Upstream;

/// <summary>Sends each frame back: four bytes with a length, highest first, and as many behind them. Thread-safe.</summary>
internal sealed class FrameEcho : ConnectionHandler
{
    private const int PrefixSize = 4;

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        ReadResult read;
        do
        {
            read = await input.ReadAsync();
            var rest = read.Buffer;
            while (TryCut(ref rest, out var frame)) Write(output, frame);
            input.AdvanceTo(rest.Start, rest.End);
            await output.FlushAsync();
        }
        while (!read.IsCompleted);
    }

    private static bool TryCut(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (rest.Length < PrefixSize) return false;
        Span<byte> prefix = stackalloc byte[PrefixSize];
        rest.Slice(0, PrefixSize).CopyTo(prefix);
        var length = PrefixSize + BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (rest.Length < length) return false;
        frame = rest.Slice(0, length);
        rest = rest.Slice(length);
        return true;
    }

    private static void Write(PipeWriter output, in ReadOnlySequence<byte> frame)
    {
        foreach (var piece in frame) output.Write(piece.Span);
    }
}
