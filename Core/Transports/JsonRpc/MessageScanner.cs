using System.Text.Json;
using System.Text.Unicode;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>
/// Finds in a message what routing needs: what it is, its id, its method, an error's code. Nothing is copied and nothing built; values are passed over, though
/// not unread, so that only sound JSON goes on. A member that routing goes by and that comes twice is a fault: the next reader may take the other one.
/// </summary>
internal ref struct MessageScanner
{
    private const int MaxMethodBytes = 1024;

    private Utf8JsonReader _json;
    private Member _seen;
    private Slice _id;
    private Slice _method;
    private int? _errorCode;
    private bool _saysVersion;
    private string? _mistake;

    private MessageScanner(ReadOnlySpan<byte> bytes, int maxDepth) => _json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = maxDepth });

    /// <summary>Members by which a message is routed.</summary>
    [Flags]
    private enum Member
    {
        Other = 0,
        Version = 1,
        Id = 2,
        Method = 4,
        Params = 8,
        Result = 16,
        Error = 32,
    }

    /// <summary>Scans one message, which is no batch.</summary>
    /// <param name="bytes">All of it, and nothing else but white space.</param>
    /// <param name="maxDepth">How deep it may be nested.</param>
    /// <param name="message">What it is.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static MessageFault? Scan(ReadOnlySpan<byte> bytes, int maxDepth, out Message message)
    {
        message = default;

        // The reader does not look into strings that it passes over.
        if (!Utf8.IsValid(bytes)) return new MessageFault(false, "It is not UTF-8.");
        var scanner = new MessageScanner(bytes, maxDepth);
        try
        {
            scanner.ReadAll();
        }
        catch (JsonException e)
        {
            return NotJson(e, scanner._json, maxDepth);
        }
        catch (InvalidOperationException)
        {
            return new MessageFault(false, "The name of a member or a method has half of a surrogate pair.");
        }

        return scanner.Judge(out message);
    }

    /// <summary>What is told of something that cannot be read.</summary>
    public static MessageFault NotJson(JsonException e, in Utf8JsonReader at, int maxDepth)
    {
        // A reader that has just gone a step deeper still tells the depth before.
        var depth = at.CurrentDepth + (at.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? 1 : 0);
        return new MessageFault(false, depth >= maxDepth
            ? $"It is nested more than {maxDepth} deep, or no JSON at that depth."
            : $"It is no JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
    }

    // To the end even when a mistake is found early: what is no JSON at all is told so.
    private void ReadAll()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _mistake = "It is no object.";
            _json.Skip();
        }
        else
        {
            while (_json.Read() && _json.TokenType != JsonTokenType.EndObject) ReadMember();
        }

        _json.Read();
    }

    private void ReadMember()
    {
        var member = NamedMember();
        if (member != Member.Other && _seen.HasFlag(member)) _mistake ??= $"The member {Name(member)} comes twice.";
        _seen |= member;
        _json.Read();
        switch (member)
        {
            case Member.Version:
                _saysVersion = _json.TokenType == JsonTokenType.String && _json.ValueTextEquals("2.0"u8);
                break;
            case Member.Id:
                TakeId();
                break;
            case Member.Method:
                TakeMethod();
                break;
            case Member.Params when _json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.Null):
                _mistake ??= "params is neither an object nor an array.";
                break;
            case Member.Error when _json.TokenType == JsonTokenType.StartObject:
                TakeErrorCode();
                break;
        }

        _json.Skip();
    }

    private Member NamedMember()
    {
        if (_json.ValueTextEquals("jsonrpc"u8)) return Member.Version;
        if (_json.ValueTextEquals("id"u8)) return Member.Id;
        if (_json.ValueTextEquals("method"u8)) return Member.Method;
        if (_json.ValueTextEquals("params"u8)) return Member.Params;
        if (_json.ValueTextEquals("result"u8)) return Member.Result;
        return _json.ValueTextEquals("error"u8) ? Member.Error : Member.Other;
    }

    private void TakeId()
    {
        if (_json.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null)) _mistake ??= "The id is neither a string nor a number nor null.";
        else _id = new Slice((int)_json.TokenStartIndex, (int)_json.BytesConsumed);
    }

    private void TakeMethod()
    {
        _method = new Slice((int)_json.TokenStartIndex + 1, (int)_json.BytesConsumed - 1);
        if (_json.TokenType != JsonTokenType.String) _mistake ??= "The method is no string.";
        else if (_method.Length > MaxMethodBytes) _mistake ??= $"The method's name has {_method.Length} bytes; at most {MaxMethodBytes} are taken.";

        // Throws for what can be written with escapes and is no text.
        else if (_json.ValueIsEscaped) _json.GetString();
    }

    private void TakeErrorCode()
    {
        var error = _json;
        while (error.Read() && error.TokenType != JsonTokenType.EndObject)
        {
            var isCode = error.ValueTextEquals("code"u8);
            error.Read();
            if (isCode && error.TokenType == JsonTokenType.Number && error.TryGetInt32(out var code)) _errorCode = code;
            error.Skip();
        }
    }

    private readonly MessageFault? Judge(out Message message)
    {
        var isCall = _seen.HasFlag(Member.Method);
        var isAnswer = _seen.HasFlag(Member.Result) || _seen.HasFlag(Member.Error);
        message = new Message(isAnswer ? MessageKind.Response : _seen.HasFlag(Member.Id) ? MessageKind.Request : MessageKind.Notification, _id, _method, _errorCode);
        var mistake = _mistake ?? (isCall, isAnswer) switch
        {
            (true, true) => "It has a method and an answer as well.",
            (false, false) => "It has neither a method nor an answer.",
            (true, false) when !_saysVersion => "It does not say jsonrpc: \"2.0\".",
            (false, true) when _id.IsEmpty => "It is an answer without an id.",
            _ => null,
        };
        return mistake is null ? null : new MessageFault(true, mistake);
    }

    private static string Name(Member member) => member == Member.Version ? "jsonrpc" : member.ToString().ToLowerInvariant();
}
