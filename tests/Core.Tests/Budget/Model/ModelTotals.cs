namespace OrleansPool.Core.Tests.Budget.Model;

/// <summary>How much a run of the model has seen.</summary>
internal sealed class ModelTotals
{
    public long Grants { get; set; }

    public long Floors { get; set; }

    /// <summary>Shares that a client heard of.</summary>
    public long ClientGrants { get; set; }

    public long Severed { get; set; }

    public long Epoch { get; set; }

    /// <summary>Changes of the cap.</summary>
    public long Changes { get; set; }

    /// <summary>Times that a lower cap was reached.</summary>
    public long Reached { get; set; }

    /// <summary>Operators' orders.</summary>
    public long Orders { get; set; }

    public int MostOpen { get; set; }
}
