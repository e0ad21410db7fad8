using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Tests.Transports.Framing;

/// <summary>What a scanner made of a stream that came in pieces.</summary>
internal sealed record Scanned(IReadOnlyList<byte[]> Frames, byte[] Rest, string? Error)
{
    /// <summary>Scans <paramref name="stream"/>, cut at <paramref name="cuts"/>: positions in any order, taken modulo the stream's length.</summary>
    public static Scanned Of(FrameScanner scanner, byte[] stream, params IEnumerable<int> cuts)
    {
        List<byte[]> frames = [];
        List<byte> present = [];
        int[] ends = [.. cuts.Select(cut => cut % (stream.Length + 1)).Append(stream.Length).Distinct().Order()];
        for (int at = 0, piece = 0; piece < ends.Length; piece++)
        {
            while (at < ends[piece])
            {
                var scan = scanner.Scan(stream.AsSpan(at, ends[piece] - at));
                if (scan.Error is not null) return new Scanned(frames, [.. present], scan.Error);
                Assert.InRange(scan.Count, scan.IsEnd ? 0 : ends[piece] - at, ends[piece] - at);
                present.AddRange(stream.AsSpan(at, scan.Count));
                at += scan.Count;
                Assert.Equal(scan.IsEnd ? 0 : present.Count, scanner.Length);
                if (!scan.IsEnd) continue;
                frames.Add([.. present]);
                present.Clear();
            }
        }

        return new Scanned(frames, [.. present], null);
    }
}
