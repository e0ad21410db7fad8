using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace OrleansPool.Grains.Placement;

/// <summary>Keys of lanes: <c>endpoint#lane</c> from a client, to whichever silo is its gateway; <c>endpoint#@ip:port</c> from a silo to that one.</summary>
internal static class LaneKey
{
    private const string Pin = "#@";

    private static readonly byte[] _pin = Encoding.UTF8.GetBytes(Pin);

    /// <summary>The lane to an endpoint's pool on one silo.</summary>
    public static string To(string endpoint, IPEndPoint silo) => $"{endpoint}{Pin}{silo}";

    /// <summary>The endpoint that a lane leads to.</summary>
    public static string EndpointOf(string key) => key[..key.IndexOf('#', StringComparison.Ordinal)];

    /// <summary>The silo that the key names, if it names one.</summary>
    public static bool TryGetSilo(IdSpan key, [NotNullWhen(true)] out IPEndPoint? silo)
    {
        silo = null;
        var at = key.AsSpan().IndexOf(_pin);
        return at >= 0 && IPEndPoint.TryParse(Encoding.UTF8.GetString(key.AsSpan()[(at + Pin.Length)..]), out silo);
    }
}
