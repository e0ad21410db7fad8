using OrleansPool.Core.Model;

namespace OrleansPool.Core.Calls.Hedging;

/// <summary>Which calls may be done twice, as the operator or the caller says; nothing is concluded from a call itself. Immutable; thread-safe.</summary>
internal sealed class IdempotentCalls(HedgingOptions options, CallSemantics semantics)
{
    private const char Any = '*';

    private readonly Entry[] _entries = [.. options.Methods.Select(text => TryParse(text, out var entry) ? entry : throw new FormatException($"{text} names no calls."))];

    /// <summary>True for a call that may be done twice, and can be: its body is here whole, and it has an answer to wait for.</summary>
    public bool Contains(CallRequest request) =>
        request.BodyReader is null && request.Method is not JsonRpcMethods.Notify && (IsMarked(request) || IsListed(request));

    /// <summary>Reads <c>/path</c>, <c>/path*</c> or <c>VERB /path</c>.</summary>
    public static bool TryParse(string text, out Entry entry)
    {
        var at = text.IndexOf(' ', StringComparison.Ordinal);
        var (verb, path) = at < 0 ? (null, text) : (text[..at], text[(at + 1)..]);
        var isPrefix = path.EndsWith(Any);
        if (isPrefix) path = path[..^1];
        entry = new Entry(verb, path, isPrefix);
        return path.StartsWith('/') && !path.AsSpan().ContainsAny(Any, '?', ' ') && (verb is null || (verb.Length > 0 && verb.All(char.IsAsciiLetterUpper)));
    }

    private bool IsMarked(CallRequest request) =>
        options.ByCaller && request.Headers.TryGet(CallMarks.Idempotent, out var value) && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    private bool IsListed(CallRequest request)
    {
        foreach (var entry in _entries)
        {
            if (entry.Names(request.Target) && (entry.Verb is { } verb ? string.Equals(request.Method, verb, StringComparison.Ordinal) : semantics.IsMeantByPath(request.Method))) return true;
        }

        return false;
    }

    /// <summary>Calls that an operator named.</summary>
    /// <param name="Verb">Their HTTP method; null for what the protocol means by a path alone.</param>
    /// <param name="Path">Their path, without a query.</param>
    /// <param name="IsPrefix">Whether that is only its beginning.</param>
    internal readonly record struct Entry(string? Verb, string Path, bool IsPrefix)
    {
        /// <summary>True when the target's path is meant, whatever its query.</summary>
        public bool Names(string target)
        {
            var query = target.IndexOf('?', StringComparison.Ordinal);
            var path = query < 0 ? target : target.AsSpan(0, query);
            return IsPrefix ? path.StartsWith(Path, StringComparison.Ordinal) : path.SequenceEqual(Path);
        }
    }
}
