using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;

namespace OrleansPool.Bench.Paths.Upstream;

/// <summary>A JSON-RPC server with a message on each line: every method answers its parameters. Thread-safe.</summary>
internal sealed class JsonRpcEcho : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        ReadResult read;
        do
        {
            read = await input.ReadAsync();
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                Answer(rest.Slice(0, end), output);
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            input.AdvanceTo(rest.Start, rest.End);
            await output.FlushAsync();
        }
        while (!read.IsCompleted);
    }

    private static void Answer(in ReadOnlySequence<byte> line, PipeWriter output)
    {
        var (id, parameters) = Find(line);
        output.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        Write(output, id);
        output.Write(",\"result\":"u8);
        Write(output, parameters);
        output.Write("}\n"u8);
    }

    private static (ReadOnlySequence<byte> Id, ReadOnlySequence<byte> Parameters) Find(in ReadOnlySequence<byte> line)
    {
        var (id, parameters) = (line.Slice(0, 0), line.Slice(0, 0));
        var json = new Utf8JsonReader(line);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isId = json.ValueTextEquals("id"u8);
            var isParameters = json.ValueTextEquals("params"u8);
            json.Read();
            var start = json.TokenStartIndex;
            json.Skip();
            var value = line.Slice(start, json.BytesConsumed - start);
            if (isId) id = value;
            if (isParameters) parameters = value;
        }

        return (id, parameters);
    }

    private static void Write(PipeWriter output, in ReadOnlySequence<byte> bytes)
    {
        foreach (var piece in bytes) output.Write(piece.Span);
    }
}
