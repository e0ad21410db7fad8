using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Hosting;

/// <summary>A framing of one's own, under the name that <c>Tcp:Framing</c> has.</summary>
/// <param name="Name">The name, without regard to case.</param>
/// <param name="Framing">The framing.</param>
internal sealed record FramingRegistration(string Name, IFraming Framing);
