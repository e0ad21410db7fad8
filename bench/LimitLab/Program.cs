using OrleansPool.Bench.LimitLab.Verbs;

return await LabVerb.Create().Parse(args).InvokeAsync();
