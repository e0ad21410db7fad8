using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using OrleansPool.Core.Calls;

namespace OrleansPool.Core.Hosting;

/// <summary>All endpoints of this host by name, without regard to case. Immutable; thread-safe.</summary>
public sealed class EndpointDirectory
{
    private readonly FrozenDictionary<string, Endpoint> _endpoints;
    private readonly FrozenDictionary<string, Endpoint>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    internal EndpointDirectory(IEnumerable<Endpoint> endpoints)
    {
        _endpoints = endpoints.ToFrozenDictionary(endpoint => endpoint.Name, StringComparer.OrdinalIgnoreCase);
        _bySpan = _endpoints.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<Endpoint> All => [.. _endpoints.Values.OrderBy(e => e.Name, StringComparer.Ordinal)];

    /// <summary>The endpoint called <paramref name="name"/>.</summary>
    public bool TryGet(ReadOnlySpan<char> name, [NotNullWhen(true)] out Endpoint? endpoint) => _bySpan.TryGetValue(name, out endpoint);
}
