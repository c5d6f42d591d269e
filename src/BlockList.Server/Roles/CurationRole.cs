using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Signing;

namespace BlockList.Server.Roles;

/// <summary>Role <c>curation</c>: what agencies and the operator do with entries, under the curation login.</summary>
internal static class CurationRole
{
    /// <summary><c>blocklist import FILE.csv --list worst-of --person anna</c>.</summary>
    public static Command ImportCommand()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "UTF-8 CSV: domain,scope,sighted_at, a column for each criterion of the list (c1,c2,c3), reference,note" };
        var list = new Option<string>("--list") { Description = "The list to propose for", Required = true };
        var person = new Option<string>("--person") { Description = "Who imports", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only report, by the same checks" };
        var skipKnown = new Option<bool>("--skip-known") { Description = "Leave aside names that the agency has assessed already" };
        var json = new Option<bool>("--json") { Description = "Report for machines" };
        return Create("import", "Stages a file of names as drafts. All rows or none.", async (parsed, services, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!path.Exists) throw new RoleException($"There is no file {path.FullName}.");
            if (path.Length > ImportFile.MaximumLength) throw new RoleException($"The file is longer than {ImportFile.MaximumLength / 1024 / 1024} MB. Split it.");
            var progress = new Progress<ImportProgress>(progress => Console.Error.WriteLine($"{progress.Step}: {progress.Rows} of {progress.Of} rows"));
            var outcome = await services.GetRequiredService<StageImport>().RunAsync(await File.ReadAllBytesAsync(path.FullName, cancellationToken), path.Name,
                parsed.GetRequiredValue(list), parsed.GetRequiredValue(person), parsed.GetValue(dryRun), parsed.GetValue(skipKnown), progress, cancellationToken);
            return outcome switch
            {
                StageOutcome.Staged staged => Report(staged, parsed.GetValue(json)),
                StageOutcome.Refused refused => Report(refused, parsed.GetValue(json)),
                _ => throw new InvalidOperationException("an outcome nobody knows"),
            };
        }, file, list, person, dryRun, skipKnown, json);
    }

    /// <summary><c>blocklist entries --list worst-of --reader anna</c>.</summary>
    public static Command EntriesCommand()
    {
        var list = new Option<string>("--list") { Description = "The list", Required = true };
        var reader = new Option<string>("--reader") { Description = "Who reads; the audit log keeps it", Required = true };
        return Create("entries", "Shows the open entries of a list. Reading is recorded.", async (parsed, services, cancellationToken) =>
        {
            await foreach (var entry in services.GetRequiredService<ReadEntries>().RunAsync(parsed.GetRequiredValue(list), parsed.GetRequiredValue(reader), cancellationToken))
            {
                var state = entry.PublishedSince is { } serial ? $"published since version {serial}" : entry.Agencies == 1 ? "1 agency found the criteria met" : $"{entry.Agencies} agencies found the criteria met";
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entry.Name}\t{entry.Scope}\t{state}\tseen {entry.NewestSighting:yyyy-MM-dd}"));
            }
            return 0;
        }, list, reader);
    }

    /// <summary><c>blocklist register FILE --roots FILE</c>.</summary>
    public static Command RegisterCommand()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The agency register as the root holders signed it" };
        var roots = new Option<FileInfo>("--roots") { Description = "The pinned root keys", Required = true };
        return Create("register", "Copies agencies, people and lists of the agency register for display.", async (parsed, services, cancellationToken) =>
        {
            try
            {
                var pinned = PinnedRoots.Load(parsed.GetRequiredValue(roots).FullName);
                var register = AgencyRegister.Open(await File.ReadAllBytesAsync(parsed.GetRequiredValue(file).FullName, cancellationToken), pinned.Role, pinned.Keys);
                await services.GetRequiredService<LoadRegisterCopy>().RunAsync(register, cancellationToken);
                Console.WriteLine($"Copied register {register.Version}: {register.Agencies.Count} agencies, {register.Credentials.Count} credentials, {register.Lists.Count} lists.");
                return 0;
            }
            catch (Exception problem) when (problem is MalformedDocumentException or SigningException or IOException)
            {
                throw new RoleException($"The register is refused: {problem.Message}", exitCode: 4);
            }
        }, file, roots);
    }

    /// <summary><c>blocklist schedule --list worst-of</c>.</summary>
    public static Command ScheduleCommand()
    {
        var list = new Option<string>("--list") { Description = "The list", Required = true };
        var days = new Option<int[]>("--days") { Description = "1 (Monday) to 7 (Sunday)", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => SetSchedule.DefaultDays };
        var at = new Option<TimeOnly>("--at") { Description = "Time of day", DefaultValueFactory = _ => SetSchedule.DefaultTime };
        var zone = new Option<string>("--zone") { Description = "Time zone of --at", DefaultValueFactory = _ => "UTC" };
        return Create("schedule", "Sets when a list is published.", async (parsed, services, cancellationToken) =>
        {
            await services.GetRequiredService<SetSchedule>().RunAsync(parsed.GetRequiredValue(list), parsed.GetRequiredValue(days), parsed.GetValue(at), parsed.GetRequiredValue(zone), "operator", cancellationToken);
            Console.WriteLine($"{parsed.GetRequiredValue(list)} is published on days {string.Join(", ", parsed.GetRequiredValue(days))} at {parsed.GetValue(at).ToString("HH:mm", CultureInfo.InvariantCulture)} {parsed.GetRequiredValue(zone)}.");
            return 0;
        }, list, days, at, zone);
    }

    /// <summary>A command with the services of this module, whose refusals become sentences.</summary>
    public static Command Create(string name, string description, Func<ParseResult, IServiceProvider, CancellationToken, Task<int>> run, params Symbol[] symbols) =>
        RoleCommand.Create(name, description, (services, _) => services.AddCuration(), async (parsed, services, cancellationToken) =>
        {
            try
            {
                return await run(parsed, services, cancellationToken);
            }
            catch (CurationException problem)
            {
                throw new RoleException(problem.Message);
            }
        }, symbols);

    private static int Report(StageOutcome.Staged staged, bool json)
    {
        if (json)
        {
            Console.WriteLine(new JsonObject { ["import"] = staged.Import?.ToString(), ["proposals"] = staged.Proposals, ["reviews"] = staged.Reviews, ["skipped"] = staged.Skipped }.ToJsonString());
            return 0;
        }
        Console.WriteLine($"{staged.Proposals} new proposals, {staged.Reviews} tasks to review what another agency proposed, {staged.Skipped} left aside.");
        Console.WriteLine(staged.Import is { } import ? $"Staged as import {import}; nothing is decided until someone signs it."
            : staged.Proposals + staged.Reviews == 0 ? "There is nothing in the file to stage; nothing was stored."
            : "Dry run: nothing was stored.");
        return 0;
    }

    private static int Report(StageOutcome.Refused refused, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(refused.Errors, JsonSerializerOptions.Web));
            return 2;
        }
        foreach (var error in refused.Errors)
            Console.WriteLine($"line {error.Line}{(error.Column.Length > 0 ? $", {error.Column}" : "")}{(error.Value.Length > 0 ? $" “{error.Value}”" : "")}: {error.Reason} {error.Fix}");
        Console.Error.WriteLine($"{refused.Errors.Count} problems; nothing was stored. Mend them and import the file again.");
        return 2;
    }
}
