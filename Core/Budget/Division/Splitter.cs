namespace OrleansPool.Core.Budget.Division;

/// <summary>
/// Divides whole units among claims: first everybody's least, then the mean needs by max-min, then the safety margins by max-min, then the rest evenly.
/// Margins before needs would starve a hot holder: twenty quiet ones with one call each have a margin as large as their need. Pure, apart from buffers that
/// it reuses; not thread-safe.
/// </summary>
public sealed class Splitter
{
    private double[] _given = [];
    private double[] _part = [];
    private double[] _wanted = [];
    private double[] _order = [];
    private int[] _index = [];

    /// <summary>Divides.</summary>
    /// <param name="claims">Who asks.</param>
    /// <param name="total">Units for leasts and needs.</param>
    /// <param name="withSlack">Bound of all units dealt once margins and rest are dealt, too: below <paramref name="total"/> it keeps a reserve, above it overcommits.</param>
    /// <param name="shares">The result, as long as <paramref name="claims"/>.</param>
    public void Divide(ReadOnlySpan<Claim> claims, int total, int withSlack, Span<int> shares)
    {
        Reserve(claims.Length);
        var given = _given.AsSpan(0, claims.Length);
        given.Clear();
        var left = Math.Max(0, (double)total);
        left -= Pass(claims, left, static (in c, _) => Math.Min(c.Least, c.Most));
        left -= Pass(claims, left, static (in c, has) => Math.Min(c.Need, c.Most) - has);
        left = Math.Max(0, withSlack - (Math.Max(0, total) - left));
        left -= Pass(claims, left, static (in c, has) => Math.Min(Math.Max(c.Need, c.Least) + c.Margin, c.Most) - has);
        Pass(claims, left, static (in c, has) => c.Most - has);
        Round(claims, given, shares);
    }

    private delegate double Want(in Claim claim, double has);

    /// <summary>Gives everyone what it wants, or all the same part where that is too much. Returns what was given.</summary>
    private double Pass(ReadOnlySpan<Claim> claims, double left, Want want)
    {
        var sum = 0.0;
        for (var i = 0; i < claims.Length; i++) sum += _wanted[i] = Math.Max(0, want(claims[i], _given[i]));
        var level = sum <= left ? double.PositiveInfinity : Level(_wanted.AsSpan(0, claims.Length), left);
        var dealt = 0.0;
        for (var i = 0; i < claims.Length; i++)
        {
            _part[i] = Math.Min(_wanted[i], level);
            _given[i] += _part[i];
            dealt += _part[i];
        }

        return dealt;
    }

    /// <summary>The level at which the parts of all wants below it make up <paramref name="amount"/>, which is less than their sum.</summary>
    private double Level(ReadOnlySpan<double> wanted, double amount)
    {
        var ordered = _order.AsSpan(0, wanted.Length);
        wanted.CopyTo(ordered);
        ordered.Sort();
        for (var i = 0; i < ordered.Length; i++)
        {
            var even = amount / (ordered.Length - i);
            if (ordered[i] >= even) return even;
            amount -= ordered[i];
        }

        return ordered[^1];
    }

    /// <summary>Whole units that make up the same sum: the largest remainders get one more, those before others that have it already.</summary>
    private void Round(ReadOnlySpan<Claim> claims, ReadOnlySpan<double> given, Span<int> shares)
    {
        const double tolerance = 1e-6;
        var sum = 0.0;
        var dealt = 0;
        for (var i = 0; i < claims.Length; i++)
        {
            shares[i] = (int)(given[i] + tolerance);
            (sum, dealt) = (sum + given[i], dealt + shares[i]);
            var remainder = given[i] - shares[i];
            _order[i] = remainder > tolerance && claims[i].Held > shares[i] ? -0.5 - remainder : -remainder;
            _index[i] = i;
        }

        var left = (int)(sum + tolerance) - dealt;
        if (left <= 0) return;
        Array.Sort(_order, _index, 0, claims.Length);
        for (var i = 0; i < left; i++) shares[_index[i]]++;
    }

    private void Reserve(int length)
    {
        if (_given.Length >= length) return;
        (_given, _part, _wanted, _order, _index) = (new double[length], new double[length], new double[length], new double[length], new int[length]);
    }
}
