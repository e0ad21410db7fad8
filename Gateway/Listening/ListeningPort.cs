using System.Net;

namespace OrleansPool.Gateway.Listening;

/// <summary>A port that this host is about to listen on, and the options that say so. It is looked at before the host starts.</summary>
/// <param name="Key">The option with the port.</param>
/// <param name="Value">What it says.</param>
/// <param name="AddressKey">The option with the address; the same where one option has both.</param>
/// <param name="At">Address and port.</param>
public sealed record ListeningPort(string Key, object Value, string AddressKey, IPEndPoint At);
