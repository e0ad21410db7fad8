using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Samples.Redis;

/// <summary>
/// Follows one direction of a connection. An aggregate is counted, not nested: a frame is over when as many values have passed as its beginning, and those
/// within it, announced.
/// </summary>
internal sealed class RespScanner(bool isRequest, bool refusesState) : FrameScanner
{
    private readonly RespCommand _command = new();
    private long _valuesLeft = 1;
    private long _bytesLeft;
    private byte _type;
    private long _number;
    private bool _isNegative;
    private bool _isInFrame;

    /// <inheritdoc />
    protected override FrameScan Find(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var error = _bytesLeft > 0 ? PassBytes(bytes, ref at) : PassLine(bytes[at++]);
            if (error is not null) return FrameScan.Broken(error);
            if (_valuesLeft > 0) continue;
            (_valuesLeft, _isInFrame) = (1, false);
            return FrameScan.End(at);
        }

        return FrameScan.More(bytes.Length);
    }

    private string? PassBytes(ReadOnlySpan<byte> bytes, ref int at)
    {
        var count = (int)Math.Min(_bytesLeft, bytes.Length - at);
        if (refusesState) _command.Pass(bytes.Slice(at, count));
        at += count;
        _bytesLeft -= count;
        return _bytesLeft == 0 ? EndValue() : null;
    }

    private string? PassLine(byte next)
    {
        if (_type == 0) return BeginLine(next);
        if (next == '\n') return EndLine();
        if (!IsCounted)
        {
            if (refusesState) _command.Pass([next]);
            return null;
        }

        if (next is >= (byte)'0' and <= (byte)'9' && _number < int.MaxValue) _number = (_number * 10) + (next - '0');
        else if (next == '-') _isNegative = true;
        else if (next != '\r') return "A length is no number";
        return null;
    }

    private bool IsCounted => _type is (byte)'*' or (byte)'$' or (byte)'%' or (byte)'~' or (byte)'|' or (byte)'=' or (byte)'!';

    private string? BeginLine(byte type)
    {
        (_type, _number, _isNegative) = (type, 0, false);
        if (!_isInFrame) _command.Begin(isLine: isRequest && type != '*');
        _isInFrame = true;
        if (isRequest)
        {
            // An inline command is a line that begins with anything else.
            if (!IsCounted && refusesState) _command.Pass([type]);
            return null;
        }

        return type == '>' ? "A push is no reply; subscriptions and tracking need a session" : IsCounted || "+-:_#,(".Contains((char)type, StringComparison.Ordinal) ? null : "That is no reply of Redis";
    }

    private string? EndLine()
    {
        var type = _type;
        _type = 0;
        switch (type)
        {
            case (byte)'$' or (byte)'=' or (byte)'!' when !_isNegative:
                _bytesLeft = _number + 2;
                return null;
            case (byte)'*' or (byte)'~' when !_isNegative:
                _valuesLeft += _number;
                break;
            case (byte)'%':
                _valuesLeft += 2 * _number;
                break;
            case (byte)'|':
                // Attributes come before the value that they belong to.
                _valuesLeft += (2 * _number) + 1;
                break;
            default:
                break;
        }

        return EndValue();
    }

    private string? EndValue()
    {
        _valuesLeft--;
        return refusesState && _command.IsStateful(out var name) ? $"{name} leaves something on a connection that others use next; it needs a port in session mode" : null;
    }
}
