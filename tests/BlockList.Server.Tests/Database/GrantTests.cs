using Xunit;

namespace BlockList.Server.Tests.Database;

/// <summary>What each login may do and what it may not, by the catalog. <see cref="RefusalTests"/> tries it.</summary>
public sealed class GrantTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    public static TheoryData<string> Logins => [.. GrantTable.ByLogin.Keys];

    [Theory]
    [MemberData(nameof(Logins))]
    public async Task Login_may_do_what_the_table_says_and_nothing_else(string login)
    {
        var held = await Privileges.ReadAsync(database.Superuser, await MigratedAsync(), [login]);

        var found = held.Where(row => row.Value.Length > 0).Select(row => $"{row.Key.Object}: {row.Value}");
        var decided = GrantTable.ByLogin[login].Select(grant => $"{grant.Key}: {grant.Value}");
        AssertSame(decided, found);
    }

    [Fact]
    public async Task Every_object_of_the_database_was_decided_about()
    {
        var held = await Privileges.ReadAsync(database.Superuser, await MigratedAsync(), [MigratedDatabase.Owner]);

        AssertSame(GrantTable.Objects, held.Keys.Select(key => key.Object));
    }

    [Fact]
    public async Task Table_that_is_added_is_reported_until_it_is_decided_about()
    {
        await database.ExecuteAsync("create table curation.undecided (id int); grant select on curation.undecided to blocklist_worker");
        try
        {
            var held = await Privileges.ReadAsync(database.Superuser, await MigratedAsync(), [MigratedDatabase.WorkerLogin]);

            Assert.Equal("select", held[(MigratedDatabase.WorkerLogin, "table curation.undecided")]);
            Assert.DoesNotContain("table curation.undecided", GrantTable.Objects);
        }
        finally
        {
            await database.ExecuteAsync("drop table curation.undecided");
        }
    }

    [Theory]
    [MemberData(nameof(Logins))]
    public async Task Login_has_no_power_over_the_cluster_and_is_a_member_of_nothing(string login)
    {
        Assert.True(await database.ScalarAsync<bool>("""
            select rolcanlogin and not (rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls) from pg_roles where rolname = $1
            """, login));
        Assert.Equal(0, await database.ScalarAsync<long>("select count(*) from pg_auth_members where member = $1::regrole", login));
        Assert.Equal(0, await database.ScalarAsync<long>("select count(*) from pg_auth_members where roleid = $1::regrole and member <> $2::regrole", login, MigratedDatabase.Owner));
    }

    [Fact]
    public async Task Migrating_login_owns_every_object()
    {
        var owners = await ColumnAsync("""
            select distinct pg_get_userbyid(owner)::text from (
              select oid, relnamespace, relowner from pg_class union all select oid, pronamespace, proowner from pg_proc union all
              select case typcategory when 'A' then typelem else oid end, typnamespace, typowner from pg_type union all select oid, oid, nspowner from pg_namespace where nspname <> 'public') as object (oid, schema, owner)
            join pg_namespace n on n.oid = schema where nspname !~ '^pg_' and nspname <> 'information_schema' and not exists (select from pg_depend d where d.objid = object.oid and deptype = 'e')
            """);

        Assert.Equal([MigratedDatabase.Owner], owners);
    }

    [Fact]
    public async Task Public_has_nothing()
    {
        var grants = await ColumnAsync("""
            select object || ' ' || privilege_type from (
              select c.oid::regclass::text, coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)), relnamespace from pg_class c where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
              union all select attrelid::regclass || '.' || attname, attacl, relnamespace from pg_attribute join pg_class c on c.oid = attrelid where attacl is not null
              union all select oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner)), pronamespace from pg_proc
                where not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')
              union all select nspname::text, coalesce(nspacl, acldefault('n', nspowner)), oid from pg_namespace
              union all select datname::text, coalesce(datacl, acldefault('d', datdba)), (select oid from pg_namespace where nspname = 'public') from pg_database where datname = $1
            ) as object (object, acl, schema), aclexplode(acl), pg_namespace n
            where n.oid = schema and nspname !~ '^pg_' and nspname <> 'information_schema' and grantee = 0
            """, await MigratedAsync());

        Assert.Empty(grants);
    }

    [Fact]
    public async Task Functions_with_their_owners_rights_pin_their_search_path_and_name_who_may_execute_them()
    {
        var definers = await ColumnAsync("""
            select p.oid::regprocedure || ' | ' || array_to_string(proconfig, '; ') || ' | '
              || coalesce((select string_agg(pg_get_userbyid(grantee)::text, ' ' order by grantee::regrole::text) from aclexplode(proacl) where grantee <> proowner), 'a trigger')
            from pg_proc p join pg_namespace n on n.oid = pronamespace where prosecdef and nspname <> 'pg_catalog'
            """);

        AssertSame(
        [
            "access.change_roles(text,text,text[],timestamp with time zone) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "dnschecks.take_due(integer,interval) | search_path=pg_catalog, pg_temp | blocklist_checker",
            "dnschecks.record_answer(uuid,text,text,text,jsonb,text) | search_path=pg_catalog, pg_temp | blocklist_checker",
            "dnschecks.recheck(uuid) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "dnschecks.require_proof() | search_path=pg_catalog, pg_temp | a trigger",
            "mail.enqueue(text,text,text,text,jsonb,text) | search_path=pg_catalog, pg_temp | blocklist_curation blocklist_worker",
            "mail.claim() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "mail.record(bigint,integer,text,text) | search_path=pg_catalog, pg_temp | blocklist_worker",
            "mail.forget() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "mail.watch() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "names.require_rightful_row() | search_path=pg_catalog, pg_temp | a trigger",
            "oversight.append_audit(text,text,text,jsonb) | search_path=pg_catalog, pg_temp | blocklist_checker blocklist_curation blocklist_publisher blocklist_verifier blocklist_worker",
            "oversight.seal_audit() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "oversight.find_broken_seal() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "curation.advance_stages(integer) | search_path=pg_catalog, pg_temp | blocklist_worker",
            "curation.fold_tallies() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "curation.purge_imports() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "curation.tally_opened() | search_path=pg_catalog, pg_temp | a trigger",
            "curation.tally_changed() | search_path=pg_catalog, pg_temp | a trigger",
            "publishing.acknowledge_alarm(uuid,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "publishing.take_alarm_events(integer) | search_path=pg_catalog, pg_temp | blocklist_worker",
            "publishing.record_alarm_told(bigint,text) | search_path=pg_catalog, pg_temp | blocklist_worker",
            "publishing.require_rightful_version_decision() | search_path=pg_catalog, pg_temp | a trigger",
            "publishing.note_alarm_event() | search_path=pg_catalog, pg_temp | a trigger",
            "house.tell_publisher() | search_path=pg_catalog, pg_temp | a trigger",
            "distribution.note_receipt() | search_path=pg_catalog, pg_temp | a trigger",
            "distribution.report_exceptions(text,text,integer,text,text[]) | search_path=pg_catalog, pg_temp | blocklist_distribution",
            "distribution.own_facts(text) | search_path=pg_catalog, pg_temp | blocklist_distribution",
            "distribution.provider_facts(uuid) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "distribution.measure_coverage() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "distribution.tell_exceptions() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "curation.answer_re_review() | search_path=pg_catalog, pg_temp | a trigger",
            "distribution.note_log_alarm() | search_path=pg_catalog, pg_temp | a trigger",
            "complaint.submit(text,bytea,text,text,text,boolean,text,date,text,text,bytea,text) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "complaint.confirm(text,bytea) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "complaint.status(text,bytea) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "complaint.ask_proof(text,bytea,uuid,text) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "complaint.recheck(text,bytea) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "complaint.disclose(text,bytea) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "complaint.criteria() | search_path=pg_catalog, pg_temp | blocklist_portal",
            "complaint.open_dossier() | search_path=pg_catalog, pg_temp | a trigger",
            "complaint.note_proven() | search_path=pg_catalog, pg_temp | a trigger",
            "complaint.record_triage(text,text,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "complaint.record_suspension(text,text,text,timestamp with time zone) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "complaint.record_suspension_end(text,text,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "complaint.ask(text,text,text,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "complaint.note(text,text,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "complaint.hand_over(text,text,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "complaint.prove_by_letter(text,text,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "complaint.record_outcome(text,text,text,text,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "complaint.set_holiday(date,text,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "complaint.drop_holiday(date,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "complaint.set_zone(text,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "complaint.progress(text,bytea) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "complaint.answer(text,bytea,text) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "complaint.appeal(text,bytea,text) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "complaint.applied(text,bytea,text[],integer[]) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "complaint.look_for_entries() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "complaint.merge_duplicates() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "complaint.escalate_late(text[]) | search_path=pg_catalog, pg_temp | blocklist_worker",
            "complaint.write_mails() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "complaint.forget() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "providers.make_code(uuid,text,bytea,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "providers.apply(uuid,text,text,text,text,text,text,bigint[],text,text[]) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "providers.approve(uuid,text,uuid,text,text[],text,bytea) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "providers.refuse(uuid,text,text) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "providers.roots(text[]) | search_path=pg_catalog, pg_temp | blocklist_curation",
            "providers.forget_applications() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "providers.enrol(text,bytea,bytea,bytea) | search_path=pg_catalog, pg_temp | blocklist_portal",
            "providers.request_renewal(text,bytea,bytea,bytea,bytea) | search_path=pg_catalog, pg_temp | blocklist_distribution",
            "providers.open_requests(integer) | search_path=pg_catalog, pg_temp | blocklist_issuer",
            "providers.record_certificate(uuid,bytea,timestamp with time zone,timestamp with time zone) | search_path=pg_catalog, pg_temp | blocklist_issuer",
            "providers.refuse_request(uuid,text) | search_path=pg_catalog, pg_temp | blocklist_issuer",
            "providers.tell_ending() | search_path=pg_catalog, pg_temp | blocklist_worker",
            "publishing.lock_ledger() | search_path=pg_catalog, pg_temp | blocklist_publisher",
        ], definers);
    }

    [Fact]
    public async Task New_objects_of_the_owner_are_open_to_nobody_but_the_scheduler_that_lives_there()
    {
        var defaults = await ColumnAsync("""
            select coalesce(nspname::text, 'everywhere') || ' ' || defaclobjtype::text || ' ' || case grantee when 0 then 'public' else pg_get_userbyid(grantee)::text end || ' ' || string_agg(privilege_type, ' ' order by privilege_type)
            from pg_default_acl left join pg_namespace n on n.oid = defaclnamespace, aclexplode(defaclacl) where grantee <> defaclrole group by nspname, defaclobjtype, grantee
            """);

        AssertSame(["quartz_checker r blocklist_checker DELETE INSERT SELECT UPDATE", "quartz_publisher r blocklist_publisher DELETE INSERT SELECT UPDATE", "quartz_worker r blocklist_worker DELETE INSERT SELECT UPDATE"], defaults);
        Assert.True(await database.ScalarAsync<bool>("select exists (select from pg_default_acl where defaclobjtype = 'f' and defaclnamespace = 0 and defaclrole = $1::regrole)", MigratedDatabase.Owner));
    }

    /// <summary>The template, whose own grants are the migration's; a copy has them from the fixture.</summary>
    private async Task<string> MigratedAsync()
    {
        var copy = (await database.ScalarAsync<string>("select current_database()::text"))!;
        return copy[..copy.LastIndexOf('_')] + "_template";
    }

    private async Task<string[]> ColumnAsync(string sql, params object[] parameters)
    {
        await using var command = database.Superuser.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.AddWithValue(parameter);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var values = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) values.Add(reader.GetString(0));
        return [.. values];
    }

    private static void AssertSame(IEnumerable<string> decided, IEnumerable<string> found)
    {
        var (expected, actual) = (decided.ToHashSet(StringComparer.Ordinal), found.ToHashSet(StringComparer.Ordinal));
        string[] differences = [.. actual.Except(expected).Select(line => $"not decided: {line}"), .. expected.Except(actual).Select(line => $"not found: {line}")];
        if (differences.Length > 0) Assert.Fail(string.Join(Environment.NewLine, differences));
    }
}
