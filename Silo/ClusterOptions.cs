using System.Net;
using System.Security.Cryptography;
using Npgsql;
using OrleansPool.Core.Hosting;
using OrleansPool.Wire;

namespace OrleansPool.Silo;

/// <summary>The silo's place in the cluster, as the operator wrote it under <c>OrleansPool:Cluster</c>.</summary>
public sealed class ClusterOptions
{
    /// <summary>Where it stands in the configuration.</summary>
    public const string Section = $"{OrleansPoolOptions.Section}:Cluster";

    // Told instead of the connection string: it has a password.
    private const string Hidden = "(not shown)";

    /// <summary>Where silos find each other: Localhost (one machine) or PostgreSQL. Default Localhost.</summary>
    public Clustering Clustering { get; set; } = Clustering.Localhost;

    /// <summary>The database, in Npgsql's notation. A secret: never logged. Needed with PostgreSQL, and only there.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>IP address of this machine that other silos and clients connect to. Default: 127.0.0.1 with Localhost, with PostgreSQL the machine's first.</summary>
    public string? Address { get; set; }

    /// <summary>Port for the other silos. 1 to 65535, default 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for cluster clients. 1 to 65535, default 30000.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>With Localhost: silo port of the silo that holds the membership, on this machine. Default: this silo is that silo.</summary>
    public int? PrimarySiloPort { get; set; }

    /// <summary>Name of the cluster; silos and clients with another name do not talk to it. Default "orleanspool".</summary>
    public string ClusterId { get; set; } = "orleanspool";

    /// <summary>PEM file with this silo's certificate for connections of silos and cluster clients, which then are TLS and need one, too. Default: none. Needs <see cref="TlsKeyFile"/> and <see cref="TlsCaFile"/>.</summary>
    public string? TlsCertificateFile { get; set; }

    /// <summary>PEM file with the certificate's unencrypted private key. Default: none.</summary>
    public string? TlsKeyFile { get; set; }

    /// <summary>PEM file with the CA of the cluster's own: whoever has a certificate of it belongs to the cluster. Default: none.</summary>
    public string? TlsCaFile { get; set; }

    /// <summary>What the files hold; null for connections without TLS. Set by <see cref="Read"/>.</summary>
    internal ClusterCertificates? Certificates { get; private set; }

    internal IPEndPoint? Primary => PrimarySiloPort is { } port ? new IPEndPoint(IPAddress.Loopback, port) : null;

    /// <summary>Reads and checks the section; what is wrong with it is added to <paramref name="errors"/>.</summary>
    public static ClusterOptions Read(IConfiguration configuration, ConfigErrors errors)
    {
        var options = new ClusterOptions();
        StrictBinder.Bind(configuration.GetSection(Section), options, Section, errors);
        errors.Range($"{Section}:SiloPort", options.SiloPort, 1, 65535);
        errors.Range($"{Section}:GatewayPort", options.GatewayPort, 1, 65535);
        if (options.PrimarySiloPort is { } primary) errors.Range($"{Section}:PrimarySiloPort", primary, 1, 65535);
        if (options.ClusterId.Length == 0) errors.Add($"{Section}:ClusterId", options.ClusterId, "a name is expected");
        options.ReadCertificates(errors);
        if (options.Clustering == Clustering.PostgreSQL) options.CheckForPostgreSql(errors);
        else options.CheckForLocalhost(errors);
        return options;
    }

    private void ReadCertificates(ConfigErrors errors)
    {
        if (TlsCertificateFile is null && TlsKeyFile is null && TlsCaFile is null) return;
        if (TlsCertificateFile is null || TlsKeyFile is null || TlsCaFile is null)
        {
            errors.Add($"{Section}:TlsCertificateFile", TlsCertificateFile, "TlsCertificateFile, TlsKeyFile and TlsCaFile are set together or not at all");
            return;
        }

        try
        {
            Certificates = new ClusterCertificates(TlsCertificateFile, TlsKeyFile, TlsCaFile);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            errors.Add($"{Section}:TlsCertificateFile", TlsCertificateFile, $"the PEM files cannot be used: {e.Message.TrimEnd('.')}");
        }
    }

    private void CheckForLocalhost(ConfigErrors errors)
    {
        if (ConnectionString is not null) errors.Add($"{Section}:ConnectionString", Hidden, $"it needs {Section}:Clustering = PostgreSQL; without that leave it out");
        if (Address is not null) errors.Add($"{Section}:Address", Address, "with Clustering = Localhost it is 127.0.0.1; leave it out");
    }

    private void CheckForPostgreSql(ConfigErrors errors)
    {
        if (PrimarySiloPort is { } primary) errors.Add($"{Section}:PrimarySiloPort", primary, "with Clustering = PostgreSQL the database holds the membership; leave it out");
        if (Address is not null && !IsOwnAddress(Address)) errors.Add($"{Section}:Address", Address, "an IP address of this machine is expected, without a port, that others can connect to");
        if (ConnectionString is null) errors.Add($"{Section}:ConnectionString", null, "Clustering = PostgreSQL needs it; Host=...;Database=...;Username=...;Password=... is its form");
        else if (!NamesAHost(ConnectionString)) errors.Add($"{Section}:ConnectionString", Hidden, "it cannot be read; Host=...;Database=...;Username=...;Password=... is its form, with Npgsql's key words");
    }

    private static bool IsOwnAddress(string text) =>
        IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);

    private static bool NamesAHost(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // Its message may quote a piece of the password.
            return false;
        }
    }
}
