using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansPool.Gateway.Admin;

/// <summary>The port that has nothing but the host's own pages, where there is one.</summary>
internal static class AdminPort
{
    private static readonly object _mark = new();

    /// <summary>Every connection that comes in there is known by it.</summary>
    public static void Mark(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Items[_mark] = _mark;
        return next(connection);
    });

    /// <summary>Whether a request came in there.</summary>
    public static bool IsOwn(HttpContext context) => context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(_mark) is true;
}
