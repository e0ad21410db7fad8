using System.CommandLine;
using OrleansPool.Bench.Paths.Upstream;
using OrleansPool.Bench.Paths.Verbs;

var root = MeasureVerb.Create();
root.Subcommands.Add(UpstreamVerb.Create());
root.Subcommands.Add(LoadVerb.Create());

// On Ctrl-C there are processes to end and a folder to delete.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
