// Calls the endpoints echo (gRPC), hello (HTTP) and lines (TCP) of deploy/cluster/appsettings.json through the hosts it is given, until it is told to stop.
//   dotnet run --project samples/Load -- 127.0.0.1:8080,127.0.0.1:8081 [127.0.0.1:7000,127.0.0.1:7001] [calls a second, 60]
using System.Globalization;
using OrleansPool.Samples.Load;

if (args.Length is 0 or > 3)
{
    await Console.Error.WriteLineAsync("Name the hosts to call, ip:port,ip:port; then, if they have one, their ports for TCP; then the calls a second.");
    return 1;
}

var pace = args.Length == 3 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 60;
using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) => key.Cancel = end.TryCancel();
AppDomain.CurrentDomain.ProcessExit += (_, _) => end.TryCancel();

var tally = new Tally();
var hosts = args[0].Split(',');
List<ICaller> callers = [new WebCaller(hosts, isGrpc: true), new WebCaller(hosts, isGrpc: false)];
if (args.Length > 1) callers.Add(new LineCaller(args[1].Split(',')));
await Task.WhenAll([.. callers.Select(caller => Caller.RunAsync(caller, pace / callers.Count, tally, end.Token)), tally.TellAsync(end.Token)]);
return 0;
