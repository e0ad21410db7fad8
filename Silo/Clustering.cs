namespace OrleansPool.Silo;

/// <summary>Where the silos of a cluster find each other, and where the budgets' state is kept.</summary>
public enum Clustering
{
    /// <summary>All silos on one machine; the first one's memory has both, and ends with it.</summary>
    Localhost,

    /// <summary>A PostgreSQL database, set up by deploy/postgresql/schema.sql, has both.</summary>
    PostgreSQL,
}
