-- The tables that silos with Clustering = PostgreSQL share, and the statements that Orleans' ADO.NET providers run on them. README.md says how to set
-- it up. Can be run again at any time, and is, before silos of a newer version start: tables and their rows stay, statements are replaced.
--
-- Orleans reads the statements from OrleansQuery by the keys below and gives the parameters (@...) their names; tables and columns are our own.
-- A statement that changes something is one statement, so that it happens whole or not at all: who comes second finds the version moved on.

SET client_min_messages = warning;

CREATE TABLE IF NOT EXISTS OrleansQuery (
    QueryKey text PRIMARY KEY,
    QueryText text NOT NULL
);

-- One row a cluster: its version moves with every change of a silo's row, and is what a change compares with.
CREATE TABLE IF NOT EXISTS cluster_version (
    cluster_id text PRIMARY KEY,
    version integer NOT NULL
);

-- One row for each run of a silo; status as Orleans numbers it, 3 is active and 6 dead.
CREATE TABLE IF NOT EXISTS cluster_silo (
    cluster_id text NOT NULL REFERENCES cluster_version,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    gateway_port integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL,
    suspected_by text,
    started_at timestamptz NOT NULL,
    alive_at timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
);

-- One row a grain; version is its ETag. Lease rows are written every two seconds: half of each page is kept free, so that the new row finds room
-- beside the old one and the index stays as it is.
CREATE TABLE IF NOT EXISTS grain_state (
    service_id text NOT NULL,
    grain_type text NOT NULL,
    key_text text NOT NULL,
    key_high bigint NOT NULL,
    key_low bigint NOT NULL,
    version integer NOT NULL,
    payload bytea,
    PRIMARY KEY (service_id, grain_type, key_text, key_high, key_low)
) WITH (fillfactor = 50);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

-- Read by the silo when it starts: it takes no other version.
('SchemaVersion', '1'),

('InsertMembershipVersionKey', $sql$
    WITH made AS (
        INSERT INTO cluster_version (cluster_id, version) VALUES (@DeploymentId, 0)
        ON CONFLICT DO NOTHING
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM made)
$sql$),

('InsertMembershipKey', $sql$
    WITH moved AS (
        UPDATE cluster_version SET version = version + 1
        WHERE cluster_id = @DeploymentId AND version = @Version
            AND NOT EXISTS (
                SELECT FROM cluster_silo
                WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster_id
    ), joined AS (
        INSERT INTO cluster_silo (
            cluster_id, address, port, generation, gateway_port, silo_name, host_name, status, started_at, alive_at)
        SELECT cluster_id, @Address, @Port, @Generation, @ProxyPort, @SiloName, @HostName, @Status, @StartTime, @IAmAliveTime
        FROM moved
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM joined)
$sql$),

('UpdateMembershipKey', $sql$
    WITH moved AS (
        UPDATE cluster_version SET version = version + 1
        WHERE cluster_id = @DeploymentId AND version = @Version
            AND EXISTS (
                SELECT FROM cluster_silo
                WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster_id
    ), changed AS (
        UPDATE cluster_silo SET status = @Status, suspected_by = @SuspectTimes, alive_at = @IAmAliveTime
        FROM moved
        WHERE cluster_silo.cluster_id = moved.cluster_id AND address = @Address AND port = @Port AND generation = @Generation
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM changed)
$sql$),

-- A sign of life is no change of the cluster: the version stays.
('UpdateIAmAlivetimeKey', $sql$
    UPDATE cluster_silo SET alive_at = @IAmAliveTime
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$sql$),

-- The version comes with every row, and with one empty row where there is no silo.
('MembershipReadAllKey', $sql$
    SELECT version AS Version, address AS Address, port AS Port, generation AS Generation, gateway_port AS ProxyPort, silo_name AS SiloName,
        host_name AS HostName, status AS Status, suspected_by AS SuspectTimes, started_at AS StartTime, alive_at AS IAmAliveTime
    FROM cluster_version LEFT JOIN cluster_silo USING (cluster_id)
    WHERE cluster_id = @DeploymentId
$sql$),

('MembershipReadRowKey', $sql$
    SELECT version AS Version, address AS Address, port AS Port, generation AS Generation, gateway_port AS ProxyPort, silo_name AS SiloName,
        host_name AS HostName, status AS Status, suspected_by AS SuspectTimes, started_at AS StartTime, alive_at AS IAmAliveTime
    FROM cluster_version LEFT JOIN cluster_silo
        ON cluster_silo.cluster_id = cluster_version.cluster_id AND address = @Address AND port = @Port AND generation = @Generation
    WHERE cluster_version.cluster_id = @DeploymentId
$sql$),

('GatewaysQueryKey', $sql$
    SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation
    FROM cluster_silo
    WHERE cluster_id = @DeploymentId AND status = @Status AND gateway_port > 0
$sql$),

('DeleteMembershipTableEntriesKey', $sql$
    WITH emptied AS (DELETE FROM cluster_silo WHERE cluster_id = @DeploymentId)
    DELETE FROM cluster_version WHERE cluster_id = @DeploymentId
$sql$),

('CleanupDefunctSiloEntriesKey', $sql$
    DELETE FROM cluster_silo
    WHERE cluster_id = @DeploymentId AND status <> 3 AND greatest(started_at, alive_at) < @IAmAliveTime
$sql$),

('ReadFromStorageKey', $sql$
    SELECT payload AS PayloadBinary, version AS Version
    FROM grain_state
    WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text = coalesce(@GrainIdExtensionString, '')
        AND key_high = @GrainIdN0 AND key_low = @GrainIdN1
$sql$),

-- Compare-and-set: no version stands for no row. Nothing comes back when it is not the one in the table; Orleans throws then.
('WriteToStorageKey', $sql$
    WITH changed AS (
        UPDATE grain_state SET payload = @PayloadBinary, version = version + 1
        WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text = coalesce(@GrainIdExtensionString, '')
            AND key_high = @GrainIdN0 AND key_low = @GrainIdN1 AND version = @GrainStateVersion
        RETURNING version
    ), made AS (
        INSERT INTO grain_state (service_id, grain_type, key_text, key_high, key_low, version, payload)
        SELECT @ServiceId, @GrainTypeString, coalesce(@GrainIdExtensionString, ''), @GrainIdN0, @GrainIdN1, 1, @PayloadBinary
        WHERE @GrainStateVersion IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version
    )
    SELECT version AS NewGrainStateVersion FROM changed
    UNION ALL
    SELECT version FROM made
$sql$),

-- The row stays, so that its version goes on from there.
('ClearStorageKey', $sql$
    UPDATE grain_state SET payload = NULL, version = version + 1
    WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text = coalesce(@GrainIdExtensionString, '')
        AND key_high = @GrainIdN0 AND key_low = @GrainIdN1 AND version = @GrainStateVersion
    RETURNING version
$sql$),

('DeleteStorageKey', $sql$
    DELETE FROM grain_state
    WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text = coalesce(@GrainIdExtensionString, '')
        AND key_high = @GrainIdN0 AND key_low = @GrainIdN1 AND version = @GrainStateVersion
    RETURNING version + 1
$sql$)

ON CONFLICT (QueryKey) DO UPDATE SET QueryText = EXCLUDED.QueryText;
