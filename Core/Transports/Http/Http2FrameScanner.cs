using System.Buffers.Binary;

namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// Reads along in the bytes that an HTTP/2 peer sends and reports what concerns the pool: RST_STREAM, SETTINGS and GOAWAY. Any split of the bytes into
/// reads gives the same reports. It checks nothing: the HTTP handler behind it judges the peer (frame layout: RFC 9113, sections 4.1, 6.4, 6.5 and 6.8).
/// </summary>
internal sealed class Http2FrameScanner(IHttp2PeerEvents events)
{
    private const int HeaderLength = 9;
    private const int ResetLength = 4;
    private const int SettingLength = 6;
    private const int GoAwayLength = 8;
    private const byte ResetType = 3;
    private const byte SettingsType = 4;
    private const byte GoAwayType = 7;
    private const byte AckFlag = 1;
    private const ushort MaxConcurrentStreams = 3;
    private const ushort MaxHeaderListSize = 6;

    // The piece being collected: a frame header, a RST_STREAM, one setting, or the fixed part of a GOAWAY.
    private readonly byte[] _piece = new byte[HeaderLength];
    private int _collected;
    private int _pieceLength = HeaderLength;

    private byte _type;
    private int _payloadLeft;
    private Http2Settings _settings = new(null, null);

    /// <summary>The next bytes from the peer.</summary>
    public void Scan(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_pieceLength == 0)
            {
                var skipped = Math.Min(_payloadLeft, bytes.Length);
                bytes = bytes[skipped..];
                Consume(skipped);
                continue;
            }

            var taken = Math.Min(_pieceLength - _collected, bytes.Length);
            bytes[..taken].CopyTo(_piece.AsSpan(_collected));
            bytes = bytes[taken..];
            _collected += taken;
            if (_collected == _pieceLength) Complete();
        }
    }

    private void Complete()
    {
        _collected = 0;
        if (_type == 0) BeginFrame();
        else if (_type == SettingsType) ReadSetting();
        else ReadErrorCode();
    }

    private void BeginFrame()
    {
        _payloadLeft = (_piece[0] << 16) | (_piece[1] << 8) | _piece[2];
        var type = _piece[3];
        var isAck = (_piece[4] & AckFlag) != 0;
        _settings = new Http2Settings(null, null);

        // A type of 0 in _type stands for "no frame that matters is open"; DATA, whose type is 0, does not matter either.
        _type = type is GoAwayType or ResetType || (type is SettingsType && !isAck) ? type : (byte)0;
        _pieceLength = _type == 0 ? 0 : NextPiece();
        if (_payloadLeft == 0) EndFrame();
    }

    private void ReadSetting()
    {
        var value = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(_piece.AsSpan(2)), int.MaxValue);
        switch (BinaryPrimitives.ReadUInt16BigEndian(_piece))
        {
            case MaxConcurrentStreams:
                _settings = _settings with { MaxConcurrentStreams = value };
                break;
            case MaxHeaderListSize:
                _settings = _settings with { MaxHeaderListSize = value };
                break;
        }

        Consume(SettingLength);
    }

    private void ReadErrorCode()
    {
        var length = LengthOf(_type);
        var errorCode = BinaryPrimitives.ReadUInt32BigEndian(_piece.AsSpan(length - sizeof(uint)));
        if (_type == ResetType) events.OnReset(errorCode);
        else events.OnGoAway(errorCode);
        _type = 0;
        _pieceLength = 0;
        Consume(length);
    }

    private void Consume(int count)
    {
        _payloadLeft -= count;
        if (_payloadLeft <= 0) EndFrame();
        else if (_type != 0) _pieceLength = NextPiece();
    }

    // A frame too short for its next piece is malformed; skipping the rest keeps the scanner in step until the handler hangs up.
    private int NextPiece()
    {
        var length = LengthOf(_type);
        if (_payloadLeft >= length) return length;
        if (_type != SettingsType) _type = 0;
        return 0;
    }

    private static int LengthOf(byte type) => type switch
    {
        ResetType => ResetLength,
        SettingsType => SettingLength,
        _ => GoAwayLength,
    };

    private void EndFrame()
    {
        if (_type == SettingsType) events.OnSettings(_settings);
        _type = 0;
        _pieceLength = HeaderLength;
    }
}
