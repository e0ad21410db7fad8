using System.CommandLine;
using OrleansPool.Bench.Proof;

// On Ctrl-C there are processes to end.
return await ProveVerb.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
