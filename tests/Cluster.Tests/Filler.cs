using System.Buffers.Binary;
using Google.Protobuf;

namespace OrleansPool.Cluster.Tests;

/// <summary>Bytes in which a lost, doubled or moved piece shows.</summary>
internal static class Filler
{
    public static byte[] Of(int size)
    {
        var bytes = new byte[(size / 4 * 4) + 4];
        for (var at = 0; at < bytes.Length; at += 4) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), at);
        return bytes[..size];
    }

    public static ByteString Message(int size) => ByteString.CopyFrom(Of(size));

    public static bool IsIntact(ReadOnlySpan<byte> bytes) => bytes.SequenceEqual(Of(bytes.Length));
}
