using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansPool.Gateway.Hosting;

namespace OrleansPool.Gateway.Admin;

/// <summary>
/// Says who may tell endpoints something: who has the key, who has a client certificate of the right authority, and on a developer's machine, where neither is
/// configured, anybody. A browser that another site makes send a request has no key, and cannot add a header of the pool's own, which all others need: so no site can have
/// a person's certificate used. Thread-safe.
/// </summary>
/// <param name="options">Whose key and certificates count.</param>
/// <param name="isDevelopment">Whether this is a developer's own machine.</param>
internal sealed class AdminAccess(GatewayOptions options, bool isDevelopment)
{
    /// <summary>Header by which a person or program says who it is, for the audit. Without the key it is required.</summary>
    public const string OperatorHeader = "orleanspool-operator";

    private const string Scheme = "Bearer ";
    private const int LongestName = 64;

    private readonly byte[]? _key = KeyOf(options.Admin) is { } key ? Hash(key) : null;
    private readonly bool _isOpen = isDevelopment && (options.Admin.Key ?? options.Admin.KeyFile ?? options.Admin.ClientCaFile) is null;

    /// <summary>The configured key; null for none.</summary>
    public static string? KeyOf(AdminOptions admin) => admin.Key ?? (admin.KeyFile is { } file ? File.ReadAllText(file).Trim() : null);

    /// <summary>Who sends a request, for the audit; null for one who may not write.</summary>
    public string? Identify(HttpContext context)
    {
        var name = NameOf(context);
        if (HasKey(context)) return name ?? "somebody with the key";
        if (name is null) return null;

        // The handshake let in those alone that the authorities vouch for.
        if (AdminPort.IsOwn(context) && context.Connection.ClientCertificate is { } certificate) return $"{name} ({certificate.Subject})";
        return _isOpen ? name : null;
    }

    private bool HasKey(HttpContext context)
    {
        var given = context.Request.Headers.Authorization.ToString();
        return _key is not null && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && CryptographicOperations.FixedTimeEquals(Hash(given[Scheme.Length..].Trim()), _key);
    }

    // What stands in a log must neither break its lines nor fill it.
    private static string? NameOf(HttpContext context)
    {
        var given = context.Request.Headers[OperatorHeader].ToString();
        var name = new string([.. given.Take(LongestName).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@' ? c : '?')]);
        return name.Length == 0 ? null : name;
    }

    // Of one length, whatever was given: the comparison's time tells nothing of the key, its length included.
    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
