using OrleansPool.Core.Transports.Framing;
using OrleansPool.Core.Transports.Tcp;

namespace OrleansPool.Core.Hosting;

/// <summary>The framings that <c>Tcp:Framing</c> can name: those that come with the pool, and those that were registered. Immutable.</summary>
internal sealed class Framings(IEnumerable<FramingRegistration> registered)
{
    public const string LengthPrefix = "length-prefix";
    public const string Delimiter = "delimiter";
    public const string Fixed = "fixed";
    public const string ContentLength = "content-length";

    private readonly Dictionary<string, IFraming> _registered = registered.ToDictionary(own => own.Name, own => own.Framing, StringComparer.OrdinalIgnoreCase);

    /// <summary>All names.</summary>
    public IEnumerable<string> Names => [LengthPrefix, Delimiter, Fixed, ContentLength, .. _registered.Keys];

    /// <summary>The framing that checked options ask for, with their bound on a frame; null for none.</summary>
    public IFraming? Create(TcpOptions options) => options.Framing is { } name ? new BoundedFraming(Find(name, options), options.MaxFrameBytes) : null;

    private IFraming Find(string name, TcpOptions options) => name.ToLowerInvariant() switch
    {
        LengthPrefix => new LengthPrefixFraming(
            new LengthPrefix(options.LengthBytes, options.LengthOffset, options.LengthEndianness == Endianness.Little, options.LengthIncludesHeader)),
        Delimiter => new DelimiterFraming(EscapedBytes.TryParse(options.Delimiter ?? "", out var bytes) ? bytes : throw new InvalidOperationException("The delimiter was not checked.")),
        Fixed => new FixedFraming(options.FrameBytes ?? throw new InvalidOperationException("The frame's size was not checked.")),
        ContentLength => new ContentLengthFraming(),
        _ => _registered[name],
    };
}
