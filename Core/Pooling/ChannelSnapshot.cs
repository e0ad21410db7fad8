namespace OrleansPool.Core.Pooling;

/// <summary>An open connection at one instant.</summary>
/// <param name="Address">Where it leads to: host name as configured, and IP address.</param>
/// <param name="State">What it does.</param>
/// <param name="InFlight">Calls on it.</param>
/// <param name="Capacity">Calls that it carries at once.</param>
/// <param name="Uses">Calls that it has carried so far, those in flight included.</param>
/// <param name="Age">Since it was opened.</param>
/// <param name="IdleFor">Since a call on it began or ended last; zero while there is one.</param>
public sealed record ChannelSnapshot(string Address, ChannelState State, int InFlight, int Capacity, long Uses, TimeSpan Age, TimeSpan IdleFor);
