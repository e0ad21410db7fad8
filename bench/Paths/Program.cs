using OrleansPool.Bench.Paths.Verbs;

var root = MeasureVerb.Create();
root.Subcommands.Add(UpstreamVerb.Create());
root.Subcommands.Add(LoadVerb.Create());
return await root.Parse(args).InvokeAsync();
