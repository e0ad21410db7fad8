namespace OrleansPool.Core.Operations;

/// <summary>What a report has beside the numbers of each endpoint. Each part costs its gathering and its bytes.</summary>
[Flags]
public enum ReportParts
{
    /// <summary>Numbers alone.</summary>
    None = 0,

    /// <summary>Addresses, and how each is.</summary>
    Addresses = 1,

    /// <summary>Every open connection.</summary>
    Connections = 2,

    /// <summary>Who has calls in flight or waiting.</summary>
    Callers = 4,

    /// <summary>How calls went wrong of late, and leases that are out too long.</summary>
    Errors = 8,

    /// <summary>The last 15 minutes, by the second.</summary>
    History = 16,

    /// <summary>What happened lately on the host.</summary>
    Events = 32,

    /// <summary>The budgets that the host holds: limit, holders, the last changes.</summary>
    Budgets = 64,

    /// <summary>The limit of the last 15 minutes in a few steps.</summary>
    Trail = 128,

    /// <summary>Everything.</summary>
    All = 255,
}
