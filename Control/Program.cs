using OrleansPool.Control;

return await CommandTree.Create().Parse(args).InvokeAsync();
