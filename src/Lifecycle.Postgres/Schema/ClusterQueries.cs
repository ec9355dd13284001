namespace Lifecycle.Postgres.Schema;

/// <summary>The statements that Orleans' providers for membership, grain states and reminders ask for.</summary>
internal static class ClusterQueries
{
    // Nobody's member is one row all the same: the version of the table.
    private const string ReadMembers =
        """
        select m.address as Address, m.port as Port, m.generation as Generation, m.silo_name as SiloName,
            m.host_name as HostName, m.status as Status, m.proxy_port as ProxyPort, m.suspect_times as SuspectTimes,
            m.started_at as StartTime, m.alive_at as IAmAliveTime, v.version as Version
        from member_versions v left join members m on m.cluster = v.cluster
        """;

    private const string ThisMember = "m.address = @Address and m.port = @Port and m.generation = @Generation";

    // The hashes that come along are for an index that needs them; this one has the keys themselves.
    private const string ThisState =
        """
        key_low = @GrainIdN0 and key_high = @GrainIdN1 and key_text = coalesce(@GrainIdExtensionString, '')
            and kind = @GrainTypeString and service = @ServiceId
        """;

    private const string ReadReminders =
        """
        select grain as GrainId, name as ReminderName, start_at as StartTime, period_ms as Period, version as Version
        from reminders where service = @ServiceId
        """;

    public const string Sql =
        $"""
        insert into orleansquery (querykey, querytext) values
        ('InsertMembershipVersionKey', $q$
            with added as (
                insert into member_versions (cluster) values (@DeploymentId) on conflict do nothing returning 1)
            select exists (select from added)
        $q$),
        ('InsertMembershipKey', $q$
            select insert_member(@DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status,
                @ProxyPort, @StartTime, @IAmAliveTime, @Version)
        $q$),
        ('UpdateMembershipKey', $q$
            select update_member(@DeploymentId, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime,
                @Version)
        $q$),
        ('UpdateIAmAlivetimeKey', $q$
            update members m set alive_at = @IAmAliveTime where m.cluster = @DeploymentId and {ThisMember}
        $q$),
        ('MembershipReadRowKey', $q$
            {ReadMembers} and {ThisMember}
            where v.cluster = @DeploymentId
        $q$),
        ('MembershipReadAllKey', $q$
            {ReadMembers}
            where v.cluster = @DeploymentId
        $q$),
        ('GatewaysQueryKey', $q$
            select address as Address, proxy_port as ProxyPort, generation as Generation
            from members where cluster = @DeploymentId and status = @Status and proxy_port > 0
        $q$),
        ('DeleteMembershipTableEntriesKey', $q$select delete_members(@DeploymentId, null)$q$),
        ('CleanupDefunctSiloEntriesKey', $q$select delete_members(@DeploymentId, @IAmAliveTime)$q$),

        ('ReadFromStorageKey', $q$
            select payload as PayloadBinary, version as Version from grain_states
            where {ThisState}
        $q$),
        ('WriteToStorageKey', $q$
            select write_grain_state(@GrainIdN0, @GrainIdN1, @GrainIdExtensionString, @GrainTypeString, @ServiceId,
                @GrainStateVersion, @PayloadBinary) as NewGrainStateVersion
        $q$),
        ('ClearStorageKey', $q$
            update grain_states set payload = null, version = version + 1, written_at = clock_timestamp()
            where {ThisState} and version = @GrainStateVersion
            returning version as NewGrainStateVersion
        $q$),
        ('DeleteStorageKey', $q$
            delete from grain_states
            where {ThisState} and version = @GrainStateVersion
            returning version + 1 as NewGrainStateVersion
        $q$),

        ('UpsertReminderRowKey', $q$
            insert into reminders as r (service, grain, name, start_at, period_ms, grain_hash)
            values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash)
            on conflict (service, grain, name) do update set start_at = excluded.start_at,
                period_ms = excluded.period_ms, grain_hash = excluded.grain_hash, version = r.version + 1
            returning version as Version
        $q$),
        ('ReadReminderRowKey', $q$
            {ReadReminders} and grain = @GrainId and name = @ReminderName
        $q$),
        ('ReadReminderRowsKey', $q$
            {ReadReminders} and grain = @GrainId
        $q$),
        ('ReadRangeRows1Key', $q$
            {ReadReminders} and grain_hash > @BeginHash and grain_hash <= @EndHash
        $q$),
        ('ReadRangeRows2Key', $q$
            {ReadReminders} and (grain_hash > @BeginHash or grain_hash <= @EndHash)
        $q$),
        ('DeleteReminderRowKey', $q$
            with deleted as (
                delete from reminders where service = @ServiceId and grain = @GrainId and name = @ReminderName
                    and version = @Version
                returning 1)
            select exists (select from deleted)
        $q$),
        ('DeleteReminderRowsKey', $q$delete from reminders where service = @ServiceId$q$);
        """;
}
