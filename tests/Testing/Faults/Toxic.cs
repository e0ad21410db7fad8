namespace OrleansPool.Testing.Faults;

/// <summary>What happens to the bytes that go one way through a <see cref="FaultProxy"/>. Immutable: one may serve many connections.</summary>
public abstract record Toxic
{
    /// <summary>Passes bytes on, or not.</summary>
    internal virtual ValueTask PassAsync(ReadOnlyMemory<byte> bytes, FaultLink link) => link.SendAsync(bytes);

    /// <summary>Passes the end on, or not.</summary>
    internal virtual ValueTask EndAsync(FaultLink link)
    {
        link.End();
        return default;
    }

    /// <summary>Nothing happens to them.</summary>
    public sealed record None : Toxic;

    /// <summary>Every piece comes later by <paramref name="Delay"/>.</summary>
    public sealed record Latency(TimeSpan Delay) : Toxic
    {
        internal override async ValueTask PassAsync(ReadOnlyMemory<byte> bytes, FaultLink link)
        {
            await link.WaitAsync(Delay);
            await link.SendAsync(bytes);
        }
    }

    /// <summary>At most so many bytes pass in a second.</summary>
    public sealed record Bandwidth(int BytesPerSecond) : Toxic
    {
        private const int PiecesPerSecond = 20;

        internal override async ValueTask PassAsync(ReadOnlyMemory<byte> bytes, FaultLink link)
        {
            var size = Math.Max(1, BytesPerSecond / PiecesPerSecond);
            for (; !bytes.IsEmpty; bytes = bytes[Math.Min(size, bytes.Length)..])
            {
                await link.WaitAsync(TimeSpan.FromSeconds(1) / PiecesPerSecond);
                await link.SendAsync(bytes[..Math.Min(size, bytes.Length)]);
            }
        }
    }

    /// <summary>The end comes later by <paramref name="Delay"/>.</summary>
    public sealed record SlowClose(TimeSpan Delay) : Toxic
    {
        internal override async ValueTask EndAsync(FaultLink link)
        {
            await link.WaitAsync(Delay);
            link.End();
        }
    }

    /// <summary>Nothing passes any more, not even the end, and nobody is told.</summary>
    public sealed record BlackHole : Toxic
    {
        internal override ValueTask PassAsync(ReadOnlyMemory<byte> bytes, FaultLink link) => default;

        internal override ValueTask EndAsync(FaultLink link) => default;
    }

    /// <summary>The first bytes are answered by a reset, both ways.</summary>
    public sealed record Reset : Toxic
    {
        internal override ValueTask PassAsync(ReadOnlyMemory<byte> bytes, FaultLink link)
        {
            link.Reset();
            return default;
        }
    }

    /// <summary>Bytes come in packets of <paramref name="Size"/>.</summary>
    public sealed record Slicer(int Size) : Toxic
    {
        internal override async ValueTask PassAsync(ReadOnlyMemory<byte> bytes, FaultLink link)
        {
            for (; !bytes.IsEmpty; bytes = bytes[Math.Min(Size, bytes.Length)..])
            {
                await link.SendAsync(bytes[..Math.Min(Size, bytes.Length)]);
                await Task.Yield();
            }
        }
    }

    /// <summary>After so many bytes the connection ends.</summary>
    public sealed record LimitData(long Bytes) : Toxic
    {
        internal override async ValueTask PassAsync(ReadOnlyMemory<byte> bytes, FaultLink link)
        {
            var left = (int)Math.Min(bytes.Length, Math.Max(0, Bytes - link.Passed));
            await link.SendAsync(bytes[..left]);
            if (link.Passed >= Bytes) link.Close();
        }
    }
}
