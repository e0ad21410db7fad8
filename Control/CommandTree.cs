using System.CommandLine;

namespace OrleansPool.Control;

/// <summary>All that can be asked and told, as verbs of a command line.</summary>
internal static class CommandTree
{
    private static readonly string[] _pages = ["pools", "connections", "callers", "upstreams", "errors", "config"];
    private static readonly string[] _orders = ["pause", "resume", "drain", "evict-idle", "reconnect"];

    private static readonly Option<string> _server = new("--server") { Description = "The pool's address; else ORLEANSPOOL_SERVER", Recursive = true, DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ORLEANSPOOL_SERVER") ?? "http://127.0.0.1:8080" };
    private static readonly Option<string?> _keyFile = new("--key-file") { Description = "The file with the key; else the key is that in ORLEANSPOOL_KEY", Recursive = true };
    private static readonly Option<bool> _json = new("--json") { Description = "JSON, for scripts", Recursive = true };
    private static readonly Option<bool> _watch = new("--watch") { Description = "Show it anew each second, until Ctrl-C" };
    private static readonly Option<bool> _keep = new("--keep") { Description = "Have it stored, so that it outlives a restart of the cluster" };
    private static readonly Argument<string> _endpoint = new("endpoint") { Description = "Name of the endpoint" };

    public static RootCommand Create()
    {
        var root = new RootCommand("Asks a running pool, and tells it what an operator wants. Exit codes: 0 done, 1 refused, 2 the check found something, 3 not reachable, 4 not known there.")
        {
            _server, _keyFile, _json, Show(), Set(), Verb("reload", "Reads the configuration anew", (server, _, c) => server.TellAsync("/admin/reload", c)),
            Verb("check", "What is not as it should be, and what to do about it", (server, _, c) => server.CheckAsync(c)),
        };
        foreach (var order in _orders) root.Subcommands.Add(Order(order));
        return root;
    }

    private static Command Show()
    {
        var show = new Command("show", "Shows what the hosts know");
        foreach (var page in _pages)
        {
            var endpoint = new Argument<string?>("endpoint") { Description = "One endpoint; else all", Arity = ArgumentArity.ZeroOrOne };
            show.Subcommands.Add(Page(page, $"Shows the {page}", endpoint, parsed => $"/admin/{page}{(parsed.GetValue(endpoint) is { } name ? $"?endpoint={Uri.EscapeDataString(name)}" : "")}"));
        }

        show.Subcommands.Add(Page("budget", "Why an endpoint's limit is what it is, and who has what", _endpoint, parsed => $"/admin/budget/{Name(parsed)}"));
        return show;
    }

    private static Command Page(string name, string description, Argument endpoint, Func<ParseResult, string> path)
    {
        var verb = Verb(name, description, (server, parsed, c) => parsed.GetValue(_watch) ? server.WatchAsync(path(parsed), c) : server.ShowAsync(path(parsed), c));
        verb.Arguments.Add(endpoint);
        verb.Options.Add(_watch);
        return verb;
    }

    private static Command Order(string order)
    {
        var verb = Verb(order, $"Tells an endpoint: {order}", (server, parsed, c) => server.TellAsync($"/admin/endpoints/{Name(parsed)}/{order}{(parsed.GetValue(_keep) ? "?keep=true" : "")}", c));
        verb.Arguments.Add(_endpoint);
        verb.Options.Add(_keep);
        return verb;
    }

    private static Command Set()
    {
        var what = new Argument<string>("what").AcceptOnlyFromAmong("limit", "cap", "mode");
        var value = new Argument<string>("value") { Description = "A number, a mode, or auto" };
        var set = Verb("set", "Sets an endpoint's limit, cap or mode", (server, parsed, c) => server.TellAsync(
            $"/admin/endpoints/{Name(parsed)}/{parsed.GetValue(what)}?value={Uri.EscapeDataString(parsed.GetValue(value)!)}{(parsed.GetValue(_keep) ? "&keep=true" : "")}", c));
        set.Arguments.Add(_endpoint);
        set.Arguments.Add(what);
        set.Arguments.Add(value);
        set.Options.Add(_keep);
        return set;
    }

    private static string Name(ParseResult parsed) => Uri.EscapeDataString(parsed.GetValue(_endpoint)!);

    private static Command Verb(string name, string description, Func<PoolServer, ParseResult, CancellationToken, Task<int>> run)
    {
        var verb = new Command(name, description);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var (output, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (!Uri.TryCreate(parsed.GetValue(_server), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                await errors.WriteLineAsync($"--server = {parsed.GetValue(_server)}: a URL is expected, as http://127.0.0.1:8080.");
                return ExitCode.Refused;
            }

            if (!TryReadKey(parsed, out var key, out var mistake))
            {
                await errors.WriteLineAsync(mistake);
                return ExitCode.Refused;
            }

            using var server = new PoolServer(address, key, parsed.GetValue(_json), output, errors);
            return await run(server, parsed, cancellation);
        });
        return verb;
    }

    private static bool TryReadKey(ParseResult parsed, out string? key, out string? mistake)
    {
        (key, mistake) = (Environment.GetEnvironmentVariable("ORLEANSPOOL_KEY"), null);
        if (parsed.GetValue(_keyFile) is not { } file) return true;
        try
        {
            key = File.ReadAllText(file).Trim();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistake = $"--key-file = {file}: {e.Message} A file is expected that holds the key and that you may read.";
            return false;
        }
    }
}
