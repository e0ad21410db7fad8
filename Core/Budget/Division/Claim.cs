using System.Runtime.InteropServices;

namespace OrleansPool.Core.Budget.Division;

/// <summary>What one of several asks of what is divided.</summary>
/// <param name="Least">What it gets before anybody's need, as far as it goes round.</param>
/// <param name="Need">What it uses in the mean.</param>
/// <param name="Margin">What it would like on top against the scatter of its use.</param>
/// <param name="Most">What it can use at all.</param>
/// <param name="Held">What it has now, so that rounding does not move units to and fro.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Claim(double Least, double Need, double Margin, double Most, int Held);
