using System.Security.Cryptography;
using System.Text.RegularExpressions;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Queueing;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Hosting;

/// <summary>The rules of docs/options.md. Nothing is clamped: what is out of range is told, all of it at once.</summary>
internal static partial class OptionsValidator
{
    private const int MaxAddresses = 64;
    private const int MaxCallerHeaders = 8;
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    public static void Check(OrleansPoolOptions options, Framings framings, ConfigErrors errors)
    {
        errors.Range($"{OrleansPoolOptions.Section}:DrainTimeout", options.DrainTimeout, TimeSpan.Zero, _hour);
        CheckBudget($"{OrleansPoolOptions.Section}:Budget", options.Budget, options.Budget, errors);
        foreach (var (name, endpoint) in options.Endpoints)
        {
            var path = $"{OrleansPoolOptions.Section}:Endpoints:{name}";
            if (!IsName(name)) errors.Add(path, name, "a name has 1 to 63 of a-z, 0-9 and '-', and no '-' at either end");
            CheckEndpoint(path, endpoint, errors);
            ConnectionRules.Check(path, endpoint, errors);
            TcpRules.Check(path, endpoint, framings, errors);
            JsonRpcRules.Check(path, endpoint, errors);
            CheckBudget($"{path}:Budget", endpoint.Budget, options.Budget, errors);
        }
    }

    // RFC 9110, section 5.6.2: a token.
    [GeneratedRegex("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", RegexOptions.NonBacktracking)]
    private static partial Regex HeaderName();

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= 63 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && name[0] != '-' && name[^1] != '-';

    private static bool IsAuthority(string text) =>
        Uri.TryCreate($"http://{text}", UriKind.Absolute, out var uri) && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" } && !text.EndsWith('/');

    private static void CheckEndpoint(string path, EndpointOptions endpoint, ConfigErrors errors)
    {
        if (endpoint.Protocol is null) errors.Add($"{path}:Protocol", null, "one of grpc, http2, http1, tcp, jsonrpc is required");
        if (endpoint.Addresses.Length is 0 or > MaxAddresses) errors.Add($"{path}:Addresses", $"{endpoint.Addresses.Length} entries", $"1 to {MaxAddresses} are required");
        for (var at = 0; at < endpoint.Addresses.Length; at++)
        {
            if (!UpstreamAddress.TryParse(endpoint.Addresses[at], out _)) errors.Add($"{path}:Addresses:{at}", endpoint.Addresses[at], "host:port is expected, port 1 to 65535, IPv6 as [::1]:port");
        }

        if (endpoint.Authority is { } authority && !IsAuthority(authority)) errors.Add($"{path}:Authority", authority, "host or host:port is expected");
        CheckPool($"{path}:Pool", endpoint, errors);
        CheckTls($"{path}:Tls", endpoint.Tls, errors);
        CheckQueue($"{path}:Queue", endpoint.Queue, errors);
        CheckLimits($"{path}:Limits", endpoint, errors);
        CheckRetry($"{path}:Retry", endpoint.Retry, errors);
        HedgingRules.Check($"{path}:Hedging", endpoint, errors);
        HealthRules.CheckOutliers($"{path}:Outliers", endpoint.Outliers, errors);
        HealthRules.CheckChecks($"{path}:Check", endpoint, errors);
    }

    private static void CheckRetry(string path, RetryOptions retry, ConfigErrors errors)
    {
        errors.Range($"{path}:Attempts", retry.Attempts, 1, 10);
        errors.Range($"{path}:BudgetShare", retry.BudgetShare, 0, 1);
        errors.Range($"{path}:BudgetPerSecond", retry.BudgetPerSecond, 0, 1_000);
    }

    private static void CheckPool(string path, EndpointOptions endpoint, ConfigErrors errors)
    {
        var pool = endpoint.Pool;
        errors.Range($"{path}:Max", pool.Max, 1, 10_000);
        errors.Range($"{path}:Min", pool.Min, 0, Math.Max(0, pool.Max), $" (Pool:Max = {pool.Max})");
        if (pool.CallsPerChannel is { } calls) CheckCallsPerChannel($"{path}:CallsPerChannel", calls, endpoint, errors);
        errors.Range($"{path}:ConnectTimeout", pool.ConnectTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(2));
        errors.Range($"{path}:ConnectConcurrency", pool.ConnectConcurrency, 1, 100);
        errors.Range($"{path}:ConnectRate", pool.ConnectRate, 1, 10_000);
        errors.Range($"{path}:ConnectAttempts", pool.ConnectAttempts, 1, 10);
        errors.Range($"{path}:ConnectRetryDelay", pool.ConnectRetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        errors.Range($"{path}:BreakDuration", pool.BreakDuration, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(5));
        errors.Range($"{path}:MaxBreakDuration", pool.MaxBreakDuration, pool.BreakDuration, _hour, $" (Pool:BreakDuration = {pool.BreakDuration})");
        errors.RangeOrZero($"{path}:IdleTimeout", pool.IdleTimeout, TimeSpan.FromSeconds(1), _day, "never");
        errors.RangeOrZero($"{path}:MaxLifetime", pool.MaxLifetime, TimeSpan.FromSeconds(1), 7 * _day, "never");
        errors.RangeOrZero($"{path}:LeakThreshold", pool.LeakThreshold, TimeSpan.FromSeconds(1), 7 * _day, "never");
        errors.Range($"{path}:LifetimeJitter", pool.LifetimeJitter, 0, 0.9);
        errors.Range($"{path}:MaxUses", pool.MaxUses, 0, int.MaxValue);
        errors.RangeOrZero($"{path}:KeepAlivePingDelay", pool.KeepAlivePingDelay, TimeSpan.FromSeconds(10), _day, "never");
        errors.Range($"{path}:KeepAlivePingTimeout", pool.KeepAlivePingTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        errors.Range($"{path}:DnsRefresh", pool.DnsRefresh, TimeSpan.FromSeconds(1), _hour);
        CheckPings($"{path}:KeepAlivePingDelay", endpoint, errors);
    }

    private static void CheckCallsPerChannel(string path, int calls, EndpointOptions endpoint, ConfigErrors errors)
    {
        if (endpoint.Protocol == Protocol.Http1 && calls != 1) errors.Add(path, calls, "HTTP/1.1 carries one call on a channel; only 1 is allowed");
        else if (endpoint is { Protocol: Protocol.Tcp, Tcp.Pipelining: false } && calls != 1) errors.Add(path, calls, "TCP carries one call on a channel, unless Tcp:Pipelining is set; only 1 is allowed");
        else if (endpoint is { Protocol: Protocol.JsonRpc, HasSessions: true } && calls != 1) errors.Add(path, calls, "with JsonRpc:Mode = session a caller has its channel for itself; only 1 is allowed");
        else errors.Range(path, calls, 1, 10_000);
    }

    // A gRPC server counts pings on an idle connection as abuse below 5 minutes, and closes it with too_many_pings.
    private static void CheckPings(string path, EndpointOptions endpoint, ConfigErrors errors)
    {
        var least = TimeSpan.FromMinutes(5);
        var pool = endpoint.Pool;
        if (endpoint.Protocol == Protocol.Grpc && pool.KeepAliveWithoutCalls && pool.KeepAlivePingDelay != TimeSpan.Zero && pool.KeepAlivePingDelay < least)
            errors.Add(path, pool.KeepAlivePingDelay, $"with KeepAliveWithoutCalls at least {least} is allowed: gRPC servers close connections that ping more often");
    }

    private static void CheckQueue(string path, QueueOptions queue, ConfigErrors errors)
    {
        errors.Range($"{path}:MaxWaiters", queue.MaxWaiters, 0, 1_000_000);
        errors.Range($"{path}:MaxWait", queue.MaxWait, TimeSpan.FromMilliseconds(1), _hour);
        CheckFairness($"{path}:Fairness", queue.Fairness, errors);
    }

    private static void CheckFairness(string path, FairnessOptions fairness, ConfigErrors errors)
    {
        errors.Range($"{path}:MaxCallers", fairness.MaxCallers, 1, 100_000);
        if (fairness.Headers.Length > MaxCallerHeaders) errors.Add($"{path}:Headers", $"{fairness.Headers.Length} entries", $"at most {MaxCallerHeaders} are allowed");
        for (var at = 0; at < fairness.Headers.Length; at++)
        {
            if (!HeaderName().IsMatch(fairness.Headers[at])) errors.Add($"{path}:Headers:{at}", fairness.Headers[at], "the name of a header is expected, as x-tenant-id");
        }

        for (var at = 0; at < fairness.Weights.Length; at++)
        {
            if (!FairnessOptions.TryParse(fairness.Weights[at], out _)) errors.Add($"{path}:Weights:{at}", fairness.Weights[at], "caller=weight is expected, a weight from 1 to 1000");
        }

        if (fairness.Weights.GroupBy(text => text[..Math.Max(0, text.LastIndexOf('='))], StringComparer.Ordinal).Any(group => group.Count() > 1)) errors.Add($"{path}:Weights", $"{fairness.Weights.Length} entries", "each caller may stand there once");
        if (fairness.Weights.Length > 0 && !fairness.IsOn) errors.Add($"{path}:Headers", null, $"weights mean nothing without a header that names the caller, or {path}:ByClientId");
    }

    private static void CheckLimits(string path, EndpointOptions endpoint, ConfigErrors errors)
    {
        var (limits, bounds) = (endpoint.Limits, endpoint.Bounds);
        if (!LimitLaws.Names.Contains(limits.Law, StringComparer.Ordinal)) errors.Add($"{path}:Law", limits.Law, $"one of {string.Join(", ", LimitLaws.Names)} is expected");
        if (limits.Max is { } max) errors.Range($"{path}:Max", max, 1, EndpointOptions.MaxPermits);
        if (limits.Min is { } min) errors.Range($"{path}:Min", min, 1, Math.Max(1, bounds.Ceiling), $" (Limits:Max = {bounds.Ceiling})");
        if (limits.Initial is { } initial) errors.Range($"{path}:Initial", initial, bounds.Floor, Math.Max(bounds.Floor, bounds.Ceiling), $" (Limits:Min = {bounds.Floor}, Limits:Max = {bounds.Ceiling})");
        if (limits.SlowestHealthy is { } slowest) errors.Range($"{path}:SlowestHealthy", slowest, TimeSpan.FromMilliseconds(1), _day);
        if (limits.MaxRequestMessageBytes is { } request) errors.Range($"{path}:MaxRequestMessageBytes", request, 1, uint.MaxValue, " bytes");
        if (limits.MaxResponseMessageBytes is { } response) errors.Range($"{path}:MaxResponseMessageBytes", response, 1, uint.MaxValue, " bytes");
        if (limits.DefaultDeadline is { } deadline) errors.Range($"{path}:DefaultDeadline", deadline, TimeSpan.FromMilliseconds(1), _day);
    }

    private static void CheckBudget(string path, BudgetOptions budget, BudgetOptions common, ConfigErrors errors)
    {
        var longest = TimeSpan.FromMinutes(10);
        if (budget.TimeToLive is { } live) errors.Range($"{path}:TimeToLive", live, TimeSpan.FromSeconds(5), longest);
        if (budget.FreezeTolerance is { } freeze) errors.Range($"{path}:FreezeTolerance", freeze, TimeSpan.FromSeconds(1), longest);
        if (budget.RenewPeriod is not { } period) return;

        // One lost answer, and the doubled patience after it, must fit into a lease several times.
        var fifth = (budget.TimeToLive ?? common.TimeToLive ?? TimeSpan.FromSeconds(30)) / 5;
        errors.Range($"{path}:RenewPeriod", period, TimeSpan.FromMilliseconds(100), fifth < TimeSpan.FromSeconds(5) ? fifth : TimeSpan.FromSeconds(5), " (a fifth of TimeToLive, at most 5 s)");
    }

    private static void CheckTls(string path, TlsOptions tls, ConfigErrors errors)
    {
        if ((tls.ClientCertificateFile is null) != (tls.ClientKeyFile is null))
            errors.Add($"{path}:ClientKeyFile", tls.ClientKeyFile, "ClientCertificateFile and ClientKeyFile are set together or not at all");
        foreach (var (key, file) in new[] { ("CaFile", tls.CaFile), ("ClientCertificateFile", tls.ClientCertificateFile), ("ClientKeyFile", tls.ClientKeyFile) })
        {
            if (file is not null && !File.Exists(file)) errors.Add($"{path}:{key}", file, "no such file");
        }

        CheckTlsFiles(path, tls, errors);
        if (!tls.Enabled && (tls.ServerName ?? tls.CaFile ?? tls.ClientCertificateFile) is not null)
            errors.Add($"{path}:Enabled", false, "true is required for the other TLS settings to mean anything");
    }

    private static void CheckTlsFiles(string path, TlsOptions tls, ConfigErrors errors)
    {
        if (new[] { tls.CaFile, tls.ClientCertificateFile, tls.ClientKeyFile }.Any(file => file is not null && !File.Exists(file))) return;
        try
        {
            _ = new TlsClient(tls);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            errors.Add(path, tls.CaFile ?? tls.ClientCertificateFile, $"the PEM files cannot be used: {e.Message}");
        }
    }
}
