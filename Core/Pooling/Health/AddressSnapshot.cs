namespace OrleansPool.Core.Pooling.Health;

/// <summary>An address as a pool sees it at one instant.</summary>
/// <param name="Address">Host name as configured, and IP address.</param>
/// <param name="Phase">Whether it gets calls.</param>
/// <param name="Why">Why it does not, in a sentence; empty while it does.</param>
/// <param name="EjectedFor">How long it has been out; zero while it is well.</param>
/// <param name="Weight">How much of the calls it is trusted with, of 1.</param>
/// <param name="Connections">Connections opening or open, those draining included.</param>
/// <param name="InFlight">Calls in flight.</param>
/// <param name="IsConnectable">False while attempts to connect are left for later, after failed ones.</param>
public sealed record AddressSnapshot(
    string Address, AddressPhase Phase, string Why, TimeSpan EjectedFor, double Weight, int Connections, int InFlight, bool IsConnectable);
