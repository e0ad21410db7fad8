using System.Collections.Frozen;
using System.Text;

namespace OrleansPool.Samples.Redis;

/// <summary>The name of the command that is passing: its first word.</summary>
internal sealed class RespCommand
{
    private const int LongestName = 16;

    private static readonly FrozenSet<string> _stateful = FrozenSet.ToFrozenSet(
        [
            "ASKING", "AUTH", "DISCARD", "EXEC", "HELLO", "MONITOR", "MULTI", "PSUBSCRIBE", "PSYNC", "QUIT", "READONLY", "READWRITE", "RESET", "SELECT", "SSUBSCRIBE", "SUBSCRIBE",
            "SYNC", "UNWATCH", "WATCH",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly StringBuilder _name = new();
    private bool _isOver;

    /// <summary>A command begins, as a line or as an array.</summary>
    public void Begin(bool isLine)
    {
        _name.Clear();
        _isOver = false;
        IsLine = isLine;
    }

    private bool IsLine { get; set; }

    /// <summary>More of the line, or of an array's strings with the line ends behind them.</summary>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        foreach (var next in bytes)
        {
            if (_isOver) return;
            _isOver = next is (byte)'\r' || (IsLine && next is (byte)' ') || _name.Length == LongestName;
            if (!_isOver) _name.Append((char)next);
        }
    }

    /// <summary>Whether the command, as far as it is here, is one that changes the connection.</summary>
    public bool IsStateful(out string name)
    {
        name = _name.ToString();
        return _stateful.Contains(name);
    }
}
