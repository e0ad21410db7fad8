using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Hosting;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Gateway.Listening;

/// <summary>
/// Tries every port of the host before any service starts, so that what cannot be had is told at once and by the option that asks for it. Servers do not
/// tell: Kestrel knows no option, and Orleans shares a silo's port with whoever would share it as well, such as another silo.
/// A port that somebody takes between this look and the start is told by the server itself.
/// </summary>
internal sealed class PortCheck(IEnumerable<ListeningPort> ports) : IHostedLifecycleService
{
    /// <inheritdoc />
    /// <exception cref="InvalidConfigurationException">Some cannot be had; the message lists them all.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var errors = new ConfigErrors();
        var taken = new List<Socket>();
        try
        {
            // All of them at once, as the host will: two options may say the same.
            foreach (var port in ports) Take(port, taken, errors);
        }
        finally
        {
            taken.ForEach(socket => socket.Dispose());
        }

        errors.ThrowIfAny();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void Take(ListeningPort port, List<Socket> taken, ConfigErrors errors)
    {
        try
        {
            // Kestrel's own way, which shares with nobody.
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(port.At);
            taken.Add(socket);
            socket.Listen();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            errors.Add(port.Key, port.Value, $"the port is taken, by another program or another of these options; choose one that is free on {port.At.Address}, or end what has it");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            errors.Add(port.AddressKey, $"{port.At.Address}", $"this machine has no such address to listen on with port {port.At.Port}; choose one that it has");
        }
        catch (SocketException e)
        {
            errors.Add(port.Key, port.Value, $"this program may not listen on {port.At} ({e.Message}); choose another port or give it the right to");
        }
    }
}
