using System.CommandLine;
using OrleansPool.Bench.Overload.Upstream;
using OrleansPool.Bench.Overload.Verbs;

var root = MeasureVerb.Create();
root.Subcommands.Add(UpstreamVerb.Create());

// On Ctrl-C there are processes to end.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
