using System.Net;
using System.Security.Cryptography;
using OrleansPool.Core.Hosting;
using OrleansPool.Gateway.Admin;

namespace OrleansPool.Gateway.Hosting;

/// <summary>The rules for <c>OrleansPool:Gateway:Admin</c>.</summary>
internal static class AdminRules
{
    private const string Section = $"{OrleansPoolOptions.Section}:Gateway:Admin";
    private const string Hidden = "(not shown)";
    private const int ShortestKey = 16;

    public static void Check(GatewayOptions gateway, ConfigErrors errors)
    {
        var admin = gateway.Admin;
        if (admin.Listen is { } listen && (!IPEndPoint.TryParse(listen, out _) || !listen.Contains(':')))
            errors.Add($"{Section}:Listen", listen, "ip:port is expected, 127.0.0.1:8081 for this machine only");
        if (admin.Key is not null && admin.KeyFile is not null) errors.Add($"{Section}:KeyFile", admin.KeyFile, "the key stands in Key or in KeyFile, not in both");
        CheckKey(admin, errors);
        CheckAuthorities(gateway, errors);
    }

    /// <summary>What anybody could write to is for a developer's own machine.</summary>
    public static void CheckAuthorization(AdminOptions admin, bool isDevelopment, ConfigErrors errors)
    {
        if (!admin.Write || isDevelopment || (admin.Key ?? admin.KeyFile ?? admin.ClientCaFile) is not null) return;
        errors.Add($"{Section}:Write", true, $"who may write must be known: set {Section}:KeyFile, Key or ClientCaFile (only the environment Development does without)");
    }

    private static void CheckKey(AdminOptions admin, ConfigErrors errors)
    {
        try
        {
            if (AdminAccess.KeyOf(admin) is { Length: < ShortestKey }) errors.Add($"{Section}:{(admin.Key is null ? "KeyFile" : "Key")}", Hidden, $"a key has {ShortestKey} characters or more; openssl rand -hex 32 makes one");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{Section}:KeyFile", admin.KeyFile, $"the file cannot be read: {e.Message}");
        }
    }

    private static void CheckAuthorities(GatewayOptions gateway, ConfigErrors errors)
    {
        if (gateway.Admin.ClientCaFile is not { } file) return;
        if (gateway.Admin.Listen is null || gateway.CertificateFile is null)
            errors.Add($"{Section}:ClientCaFile", file, $"client certificates need {Section}:Listen, a port of their own, and TLS there: {OrleansPoolOptions.Section}:Gateway:CertificateFile");
        try
        {
            _ = new ClientAuthorities(file);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            errors.Add($"{Section}:ClientCaFile", file, $"the PEM file cannot be used: {e.Message}");
        }
    }
}
